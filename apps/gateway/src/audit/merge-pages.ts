import type { Page, PagePosition, PageRequest } from '#libs/contracts';

interface Listed {
  readonly id: string;
  readonly at: string;
}

/**
 * One page of several lists that are each ordered by id, newest first, and were asked for the same page. What does not
 * fit comes again with the next page.
 */
export function mergePages<Item extends Listed>(
  pages: readonly Page<Item>[],
  { limit, position }: PageRequest,
): Page<Item> {
  const isNewer = position?.direction === 'newer';
  const all = pages.flatMap(({ data }) => data).toSorted((one, other) => (one.id < other.id ? 1 : -1));
  const data = isNewer ? all.slice(-limit) : all.slice(0, limit);
  const hasMore = all.length > limit || pages.some((page) => (isNewer ? page.newer : page.older));
  const hasOlder = isNewer || hasMore;
  const hasNewer = isNewer ? hasMore : position !== undefined;
  return { data, ...positions(data, hasOlder, hasNewer) };
}

function positions(data: readonly Listed[], hasOlder: boolean, hasNewer: boolean) {
  const [first, last] = [data[0], data.at(-1)];
  if (!first || !last) return {};
  return {
    ...(hasOlder && { older: positionOf(last, 'older') }),
    ...(hasNewer && { newer: positionOf(first, 'newer') }),
  };
}

function positionOf({ at, id }: Listed, direction: PagePosition['direction']): PagePosition {
  return { at, id, direction };
}
