import { setTimeout as delay } from 'node:timers/promises';
import type { Operation } from './api-document.js';
import type { TenantWorld } from './tenant-world.js';

const maxTries = 10;
const pauseMs = 1000;

interface Body {
  readonly mediaType: string;
  readonly text: string;
}

export interface Told {
  readonly status: number;
  /** Parsed where it is a JSON object, without the id of the request. */
  readonly body: unknown;
  readonly tookMs: number;
}

/** Asks operations with one key, and counts by their ids how often. */
export class Caller {
  readonly asked = new Map<string, number>();

  constructor(
    private readonly apiUrl: string,
    private readonly key: string,
  ) {}

  /** With the example of its document as the body, unless another is given. What is away for a moment is asked again. */
  async ask(operation: Operation, path: string, body?: Body): Promise<Told> {
    for (let tries = 1; ; tries++) {
      const told = await this.#askOnce(operation, path, body);
      if (told.status !== 503 || tries === maxTries) return told;
      await delay(pauseMs);
    }
  }

  async #askOnce(
    operation: Operation,
    path: string,
    body: Body | undefined = exampleOf(operation),
  ): Promise<Told> {
    const { id, method } = operation;
    this.asked.set(id, (this.asked.get(id) ?? 0) + 1);
    const startedAt = performance.now();
    const response = await fetch(`${this.apiUrl}${path}`, {
      method: method.toUpperCase(),
      redirect: 'manual',
      headers: { authorization: `Bearer ${this.key}`, ...(body && { 'content-type': body.mediaType }) },
      ...(body && { body: body.text }),
    });
    const answer = await response.text();
    const tookMs = performance.now() - startedAt;
    return { status: response.status, body: withoutRequestId(answer), tookMs };
  }
}

export function namesIn(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
}

export function pathOf({ path }: Operation, world: TenantWorld): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => world[name] ?? 'no');
}

function exampleOf({ bodies }: Operation): Body | undefined {
  const [first] = Object.entries(bodies);
  if (!first) return undefined;
  const [mediaType, { example }] = first;
  return { mediaType, text: typeof example === 'string' ? example : JSON.stringify(example) };
}

function withoutRequestId(text: string): unknown {
  if (!text.startsWith('{')) return text;
  const { requestId: _, ...rest } = JSON.parse(text) as Record<string, unknown>;
  return rest;
}
