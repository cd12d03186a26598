/** Bounds what is on its way at once, so that one event for thousands of destinations needs no more memory than one for ten. */
export interface Window {
  readonly messages: number;
  readonly bytes: number;
}

/**
 * Starts `send` for each item, no more at once than the window holds; one item alone may be larger than it.
 * @returns when all are done. @throws the first failure, after the sends under way have ended.
 */
export async function windowed<Item>(
  items: Iterable<Item>,
  send: (item: Item) => Promise<void>,
  { window, sizeOf }: { window: Window; sizeOf: (item: Item) => number },
): Promise<void> {
  const underWay = new Set<Promise<void>>();
  let bytes = 0;
  const failures: unknown[] = [];
  for (const item of items) {
    const size = sizeOf(item);
    while (underWay.size > 0 && (underWay.size >= window.messages || bytes + size > window.bytes)) {
      await Promise.race(underWay);
    }
    if (failures.length > 0) break;
    bytes += size;
    const sending: Promise<void> = send(item)
      .catch((error: unknown) => void failures.push(error))
      .finally(() => {
        bytes -= size;
        underWay.delete(sending);
      });
    underWay.add(sending);
  }
  await Promise.all(underWay);
  if (failures.length > 0) throw failures[0];
}
