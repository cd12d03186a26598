import { setTimeout as delay } from 'node:timers/promises';
import type { FaultedPosthorn } from '../faulted-posthorn.js';
import { randomFrom } from '../random.js';
import { inFlight, type Row, strikes } from './row.js';

const restartMs = 10_000;
const lifeMs = 3000;

/** Services that die by SIGKILL, at the worst moments there are and all at once. */
export const kills: readonly Row[] = [
  killed('gateway.read', 'a request is read and not published yet'),
  killed('gateway.unconfirmed', 'an event is published and not confirmed yet'),
  killed('gateway.confirmed', 'an event is confirmed and not answered yet'),
  killed('gateway.taken', 'a message is taken from the broker door and not republished'),
  killed('gateway.republished', 'a message of the broker door is republished and not acked'),
  killed('router.received', 'events are received and nothing is done'),
  killed('router.claimed', 'the inbox is committed and nothing is published'),
  killed('router.between-publishes', 'k of n deliveries are published'),
  killed('router.after-publish', 'all deliveries are published and nothing is acked'),
  killed('dispatcher.taken', 'a delivery is taken and nothing is connected', inFlight),
  killed('dispatcher.sent', 'a request is sent and no answer is read', inFlight),
  killed('dispatcher.answered', 'an answer is read and not reported', inFlight),
  killed('dispatcher.reported', 'an attempt is reported and not acked', inFlight),
  killed('ledger.read', 'a batch is read and not committed'),
  killed('ledger.committed', 'a batch is committed and not acked'),
  killed('ledger.claimed-due', 'due deliveries are claimed and not published'),
  killed('ledger.published-due', 'due deliveries are published and not marked'),
  { ...killed('registry.committed', 'a change is committed and not announced'), churns: true },
  { ...killed('registry.relayed', 'a change is announced and not marked as such'), churns: true },
  {
    name: 'all-services',
    what: 'every service is killed at once',
    inPullRequests: true,
    duplicatesPerStrike: inFlight,
    outageMs: 20_000,
    fault: (posthorn, durationMs) => strikes(durationMs, 12_000, () => posthorn.killServices()),
  },
  {
    name: 'any-service',
    what: 'one service or another is killed, wherever it is',
    duplicatesPerStrike: inFlight,
    outageMs: restartMs,
    fault: (posthorn, durationMs) => strikes(durationMs, 1000, killAny(posthorn)),
  },
];

/** At a moment of the next four seconds. */
function killAny(posthorn: FaultedPosthorn): () => Promise<void> {
  const random = randomFrom(1);
  const names = posthorn.whole.run.services.map(({ name }) => name);
  return async () => {
    await delay(random() * 4000);
    posthorn.signal('SIGKILL', names[Math.floor(random() * names.length)] ?? '');
  };
}

/** The service kills itself at that point, again each time it has lived for a few seconds. */
function killed(point: string, what: string, duplicatesPerStrike = 0): Row {
  return {
    name: point,
    what: `${point.split('.')[0]} is killed when ${what}`,
    inPullRequests: true,
    duplicatesPerStrike,
    outageMs: restartMs,
    fault: async (posthorn, durationMs) => {
      const before = posthorn.strikesAt(point);
      posthorn.arm(`${point}:kill:${lifeMs}ms`);
      await delay(durationMs);
      posthorn.arm('');
      return { strikes: posthorn.strikesAt(point) - before, overAtMs: Date.now() };
    },
  };
}
