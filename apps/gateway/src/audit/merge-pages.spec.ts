import type { Page, PageRequest } from '#libs/contracts';
import { mergePages } from './merge-pages.js';

interface Item {
  readonly id: string;
  readonly at: string;
}

/** A list as its owner pages it, `most` items at once. */
function pageOf(ids: readonly string[], { limit: wanted, position }: PageRequest, most: number): Page<Item> {
  const limit = Math.min(wanted, most);
  const isNewer = position?.direction === 'newer';
  const isBeyond = ({ id }: Item) => !position || (isNewer ? id > position.id : id < position.id);
  const beyond = ids.map((id) => ({ id, at: '' })).filter(isBeyond);
  const data = isNewer ? beyond.slice(-limit) : beyond.slice(0, limit);
  if (beyond.length <= limit) return { data };
  return isNewer
    ? { data, newer: { ...data[0]!, direction: 'newer' } }
    : { data, older: { ...data.at(-1)!, direction: 'older' } };
}

const lists = [
  ['a9', 'a7', 'a6', 'a1'],
  ['a8', 'a5', 'a4', 'a3', 'a2'],
];
const merged = (page: PageRequest, most: readonly number[]) =>
  mergePages(
    lists.map((list, index) => pageOf(list, page, most[index] ?? page.limit)),
    page,
  );
const idsOf = ({ data }: Page<Item>) => data.map(({ id }) => id);

describe('a page of several lists', () => {
  it.each([
    [1, []],
    [2, []],
    [3, []],
    [9, []],
    [20, []],
    [4, [1, 4]],
    [4, [4, 2]],
    [9, [2, 1]],
  ])('of %i, of which the owners give at most %j, has every item once, in order', (limit, most) => {
    const seen: string[][] = [];
    let page = merged({ limit }, most);
    expect(page.newer).toBeUndefined();
    for (; ; page = merged({ limit, position: page.older }, most)) {
      seen.push(idsOf(page));
      if (!page.older) break;
    }
    expect(seen.flat()).toEqual(['a9', 'a8', 'a7', 'a6', 'a5', 'a4', 'a3', 'a2', 'a1']);
    const back: string[][] = [];
    for (; page.newer; back.unshift(idsOf(page))) page = merged({ limit, position: page.newer }, most);
    expect(back.filter((ids) => ids.length > 0).flat()).toEqual(seen.slice(0, -1).flat());
  });

  it('is empty where all lists are', () => {
    expect(mergePages([{ data: [] }, { data: [] }], { limit: 5 })).toEqual({ data: [] });
  });
});
