import { type AttemptResult, attemptResults, type DeliveryAttempted } from '#libs/contracts';
import { counter } from '#libs/observability';

const recorded = counter(
  {
    name: 'posthorn_attempts_recorded_total',
    help: 'Attempts that were written into the books, each once, by what came of them.',
    labels: ['outcome'],
  },
  [...attemptResults, 'other'].map((outcome) => ({ outcome })),
);

const givenUp = counter({
  name: 'posthorn_deliveries_given_up_total',
  help: 'Deliveries that failed for good: their last attempt was written into the books.',
});

/**
 * To be called once a batch is committed.
 * @param news those that were not in the books before.
 */
export function countRecorded(
  news: readonly DeliveryAttempted[],
  failed: readonly DeliveryAttempted[],
): void {
  for (const [outcome, some] of Map.groupBy(news, ({ result }) => result))
    recorded.inc({ outcome: outcomeOf(outcome) }, some.length);
  const fresh = new Set(news.map(({ deliveryId, attempt }) => `${deliveryId}/${attempt}`));
  givenUp.inc(failed.filter(({ deliveryId, attempt }) => fresh.has(`${deliveryId}/${attempt}`)).length);
}

/** A dispatcher of a newer version may report a result that is not listed here. */
function outcomeOf(result: AttemptResult): string {
  return attemptResults.includes(result) ? result : 'other';
}
