import { setTimeout as delay } from 'node:timers/promises';
import { type RunningPosthorn, until } from '#libs/testing';
import { type Delivery, quiet, readList } from '../books.js';
import type { FaultedPosthorn } from '../faulted-posthorn.js';
import type { Row } from './row.js';

const point = 'ledger.replay-row';
const lifeMs = 3000;
const loadMs = 20_000;
/** Of each tenant, so that replays last for several kills. */
const ratePerSecond = 15;
const deadlineMs = 180_000;

interface Replay {
  readonly id: string;
  readonly tenantId: string;
  readonly state: string;
  readonly matched: number;
  readonly done: number;
  readonly skipped: number;
}

/** The ledger is killed again and again while everything that was delivered goes once more. */
export const replayFaults: readonly Row[] = [
  {
    name: point,
    what: 'ledger is killed when k of n deliveries are replayed',
    duplicatesPerStrike: 0,
    outageMs: 10_000,
    loadMs,
    fault: async (posthorn, _durationMs, tenantIds) => {
      await delay(loadMs - 5000);
      const before = new Date().toISOString();
      const delivered = await deliveredBefore(posthorn.whole, tenantIds, before);
      const strikesBefore = posthorn.strikesAt(point);
      const replays = await Promise.all(
        tenantIds.map((tenantId) => beginReplay(posthorn.whole, tenantId, before)),
      );
      posthorn.arm(`${point}:kill:${lifeMs}ms`);
      const faults = await ended(posthorn, replays).finally(() => posthorn.arm(''));
      return {
        strikes: posthorn.strikesAt(point) - strikesBefore,
        overAtMs: Date.now(),
        replayed: new Set(delivered.map(({ id }) => id)),
        faults,
      };
    },
  },
];

/** All that was delivered of what was accepted by then, once nothing of it is under way any more. */
async function deliveredBefore(
  whole: RunningPosthorn,
  tenantIds: readonly string[],
  before: string,
): Promise<Delivery[]> {
  await quiet(whole, tenantIds, { timeoutMs: deadlineMs, before });
  const lists = await Promise.all(
    tenantIds.map((tenantId) =>
      readList<Delivery>(whole, `/tenants/${tenantId}/deliveries`, { status: 'delivered', before }),
    ),
  );
  return lists.flat();
}

async function beginReplay(whole: RunningPosthorn, tenantId: string, before: string): Promise<Replay> {
  const input = { statuses: ['delivered'], after: '2020-01-01', before, ratePerSecond };
  const { status, body } = await whole.call<Replay>('POST', `/tenants/${tenantId}/replays`, input);
  if (status !== 202) throw new Error(`a replay was answered ${status}: ${JSON.stringify(body)}`);
  return body;
}

/** @returns what is wrong with how they ended. */
async function ended({ whole }: FaultedPosthorn, replays: readonly Replay[]): Promise<string[]> {
  const faults: string[] = [];
  for (const { id, tenantId } of replays) {
    const path = `/tenants/${tenantId}/replays/${id}`;
    const replay = await until(
      `the replay ${id} to be over`,
      async () => {
        const answer = await whole.call<Replay>('GET', path).catch(() => undefined);
        return answer?.body.state === 'completed' ? answer.body : undefined;
      },
      deadlineMs,
    );
    const { matched, done, skipped } = replay;
    if (done !== matched) faults.push(`${id} did ${done} of ${matched} and left out ${skipped}`);
  }
  return faults;
}
