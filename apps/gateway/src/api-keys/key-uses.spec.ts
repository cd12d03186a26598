import type { RecordKeyUses } from '#libs/contracts';
import type { AmqpClient } from '#libs/messaging';
import { KeyUses } from './key-uses.js';

const startMs = Date.parse('2026-01-31T12:00:00Z');

describe('the uses of API keys', () => {
  let reported: string[][];
  let isAway: boolean;
  let uses: KeyUses;

  beforeEach(() => {
    reported = [];
    isAway = false;
    const ask = async (request: RecordKeyUses) => {
      if (isAway) throw new Error('away');
      reported.push(request.uses.map(({ keyId }) => keyId));
    };
    uses = new KeyUses({ ask } as unknown as AmqpClient);
  });

  /** A shutdown reports at once what a timer would report a moment later. */
  const report = () => uses.beforeApplicationShutdown();

  it('are reported together, each key once a minute, the root key never', async () => {
    for (const keyId of ['key_1', 'key_2', 'key_1', 'root']) uses.note(keyId, startMs);
    await report();
    uses.note('key_1', startMs + 59_999);
    await report();
    uses.note('key_1', startMs + 60_000);
    await report();
    expect(reported).toEqual([['key_1', 'key_2'], ['key_1']]);
  });

  it('that the registry did not get are reported with the next use', async () => {
    isAway = true;
    uses.note('key_1', startMs);
    await report();
    isAway = false;
    uses.note('key_1', startMs + 1000);
    await report();
    expect(reported).toEqual([['key_1']]);
  });

  it('are reported in requests of a bounded size', async () => {
    for (let index = 0; index < 1001; index++) uses.note(`key_${index}`, startMs);
    await report();
    expect(reported.map(({ length }) => length)).toEqual([1000, 1]);
  });
});
