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
  const unfinished = pages.filter((page) => (isNewer ? page.newer : page.older));
  const all = pages
    .flatMap((page) => page.data)
    .filter((item) => isWithin(item, unfinished, isNewer))
    .toSorted((one, other) => (one.id < other.id ? 1 : -1));
  const data = isNewer ? all.slice(-limit) : all.slice(0, limit);
  const hasMore = all.length > limit || unfinished.length > 0;
  const hasOlder = isNewer || hasMore;
  const hasNewer = isNewer ? hasMore : position !== undefined;
  return { data, ...positions(data, hasOlder, hasNewer) };
}

/** A page may end before its limit. Items beyond that end have to wait for those that it left out. */
function isWithin({ id }: Listed, unfinished: readonly Page<Listed>[], isNewer: boolean): boolean {
  return unfinished.every(({ data }) =>
    isNewer ? id <= (data[0]?.id ?? id) : id >= (data.at(-1)?.id ?? id),
  );
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
