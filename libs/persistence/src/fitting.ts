/** What the items of a page may come to as JSON: 1 MiB, with room for cursors. One item alone may be larger. */
const maxPageBytes = 1024 * 1024 - 4096;

/** @returns the first of these, as many as fit on one page. */
export function fitting<Item>(items: readonly Item[], bytesOf: (item: Item) => number = jsonBytes): Item[] {
  let bytes = 0;
  const tooMany = items.findIndex((item, index) => {
    bytes += bytesOf(item) + 1;
    return index > 0 && bytes > maxPageBytes;
  });
  return tooMany === -1 ? [...items] : items.slice(0, tooMany);
}

/** Of a value as it is written in JSON, where a control character takes six bytes. */
export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
