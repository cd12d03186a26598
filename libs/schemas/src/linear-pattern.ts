import { RE2JS } from 're2js';
import type { Budget } from './budget.js';

const maxProgramSize = 1000;

/** Of Unicode's general categories: RE2 has the short ones only. */
const shortNames: Readonly<Record<string, string>> = {
  Letter: 'L',
  Uppercase_Letter: 'Lu',
  Lowercase_Letter: 'Ll',
  Titlecase_Letter: 'Lt',
  Modifier_Letter: 'Lm',
  Other_Letter: 'Lo',
  Mark: 'M',
  Nonspacing_Mark: 'Mn',
  Spacing_Mark: 'Mc',
  Enclosing_Mark: 'Me',
  Number: 'N',
  Decimal_Number: 'Nd',
  Letter_Number: 'Nl',
  Other_Number: 'No',
  Punctuation: 'P',
  Connector_Punctuation: 'Pc',
  Dash_Punctuation: 'Pd',
  Open_Punctuation: 'Ps',
  Close_Punctuation: 'Pe',
  Initial_Punctuation: 'Pi',
  Final_Punctuation: 'Pf',
  Other_Punctuation: 'Po',
  Symbol: 'S',
  Math_Symbol: 'Sm',
  Currency_Symbol: 'Sc',
  Modifier_Symbol: 'Sk',
  Other_Symbol: 'So',
  Separator: 'Z',
  Space_Separator: 'Zs',
  Line_Separator: 'Zl',
  Paragraph_Separator: 'Zp',
  Other: 'C',
  Control: 'Cc',
  Format: 'Cf',
};
const property = /\\([\\pP])(?:\{(?:(?:General_Category|gc|Script|sc)=)?(\w+)\})?/g;

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
    this.#compiled = RE2JS.compile(RE2JS.translateRegExp(withShortNames(source)));
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

/** `\\p{Letter}` and `\\p{Script=Greek}`, as ECMA-262 has them, in RE2's words. */
function withShortNames(source: string): string {
  return source.replaceAll(property, (found: string, kind: string, name: string | undefined) =>
    name === undefined || kind === '\\' ? found : `\\${kind}{${shortNames[name] ?? name}}`,
  );
}
