import { type Page, type PageRequest, Problem } from '#libs/contracts';
import { Injectable } from '@nestjs/common';
import { Cursors } from './cursors.js';
import { readInput } from './read-input.js';

export type Query = Readonly<Record<string, string | string[] | undefined>>;

export interface List<Item> {
  readonly data: Item[];
  readonly nextCursor: string | null;
  readonly prevCursor: string | null;
}

export const defaultLimit = 50;
export const maxLimit = 250;

/** What all lists have in common: `?limit=&cursor=` in, `{ data, nextCursor, prevCursor }` out, newest first. */
@Injectable()
export class Listing {
  constructor(private readonly cursors: Cursors) {}

  /**
   * Reads one page. `list` is what is listed, for instance a tenant's events: a cursor holds for it and its filter only.
   * @throws Problem `invalid_query`, `invalid_cursor`
   */
  async page<Filter extends object, Item>(
    request: { list: string; query: Query; filter: new () => Filter },
    read: (page: PageRequest, filter: Filter) => Promise<Page<Item>>,
  ): Promise<List<Item>> {
    const { limit, cursor, ...rest } = request.query;
    const filter = filterOf(request.filter, rest);
    const scope = `${request.list} ${JSON.stringify(filter)}`;
    const position = cursor === undefined ? undefined : this.cursors.decode(String(cursor), scope);
    const page = await read({ limit: limitOf(limit), ...(position && { position }) }, filter);
    return {
      data: page.data,
      nextCursor: page.older ? this.cursors.encode(page.older, scope) : null,
      prevCursor: page.newer ? this.cursors.encode(page.newer, scope) : null,
    };
  }
}

/** A list without filters. */
export class NoFilter {}

function limitOf(limit: Query[string]): number {
  if (limit === undefined) return defaultLimit;
  const number = Number(limit);
  if (!Number.isInteger(number) || number < 1) {
    throw invalid([{ path: 'limit', message: `must be a number from 1 to ${maxLimit}` }]);
  }
  return Math.min(number, maxLimit);
}

function filterOf<Filter extends object>(type: new () => Filter, query: object): Filter {
  const { input, faults } = readInput(type, query);
  if (faults.length > 0) throw invalid(faults);
  return input;
}

function invalid(errors: { path: string; message: string }[]): Problem {
  return new Problem('invalid_query', 'The query is not as it must be.', errors);
}
