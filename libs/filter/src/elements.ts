import type { Looks } from './reading.js';

/** What is in an array, arrays in it opened, as long as there are looks left. Not recursive: it may be very deep. */
export function* elementsOf(array: readonly unknown[], looks: Looks): Generator<unknown> {
  const open = [array.values()];
  for (let innermost = open.at(-1); innermost; innermost = open.at(-1)) {
    const { done, value } = innermost.next();
    if (done) open.pop();
    else if (looks.left-- <= 0) return;
    else if (Array.isArray(value)) open.push(value.values());
    else yield value;
  }
}
