import { RE2JS } from 're2js';
import type { Budget } from './budget.js';

const maxProgramSize = 1000;

/**
 * A pattern by RE2, which takes time in proportion to the text, whatever the pattern: one that a stranger wrote must not
 * be run by V8's engine.
 */
export class LinearPattern {
  readonly #compiled: RE2JS;
  readonly #stepsPerCharacter: number;

  /** @throws for what RE2 does not have, such as backreferences. */
  constructor(
    private readonly source: string,
    private readonly budget: Budget,
  ) {
    this.#compiled = RE2JS.compile(RE2JS.translateRegExp(source));
    const size = this.#compiled.programSize();
    if (size > maxProgramSize) throw new Error('the pattern is too large');
    this.#stepsPerCharacter = 1 + size / 16;
  }

  test(text: string): boolean {
    this.budget.spend(Math.ceil(text.length * this.#stepsPerCharacter));
    return this.#compiled.test(text);
  }

  /** By this Ajv tells patterns apart. */
  toString(): string {
    return this.source;
  }
}
