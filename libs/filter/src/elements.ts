import type { FilterBudget } from './budget.js';

/** What is in an array, arrays in it opened, as long as the budget lasts. Not recursive: it may be very deep. */
export function* elementsOf(array: readonly unknown[], budget: FilterBudget): Generator<unknown> {
  const open = [array.values()];
  for (let innermost = open.at(-1); innermost; innermost = open.at(-1)) {
    const { done, value } = innermost.next();
    if (done) open.pop();
    else if (!budget.spend(1)) return;
    else if (Array.isArray(value)) open.push(value.values());
    else yield value;
  }
}
