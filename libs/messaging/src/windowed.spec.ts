import { windowed } from './windowed.js';

const window = { messages: 3, bytes: 10 };

/** Sends that end one event-loop turn later, and how many were under way at most. */
function observed(fail: (item: number) => boolean = () => false) {
  const seen = { underWay: 0, bytes: 0, mostUnderWay: 0, mostBytes: 0, sent: [] as number[] };
  const send = async (item: number): Promise<void> => {
    seen.underWay++;
    seen.bytes += item;
    seen.mostUnderWay = Math.max(seen.mostUnderWay, seen.underWay);
    seen.mostBytes = Math.max(seen.mostBytes, seen.bytes);
    await new Promise(setImmediate);
    seen.underWay--;
    seen.bytes -= item;
    if (fail(item)) throw new Error(`cannot send ${item}`);
    seen.sent.push(item);
  };
  return { seen, send };
}

describe('sending within a window', () => {
  it('has no more messages under way than the window holds', async () => {
    const { seen, send } = observed();
    await windowed([1, 1, 1, 1, 1, 1, 1], send, { window, sizeOf: (size) => size });
    expect(seen).toMatchObject({ mostUnderWay: 3, sent: [1, 1, 1, 1, 1, 1, 1] });
  });

  it('has no more bytes under way than the window holds', async () => {
    const { seen, send } = observed();
    await windowed([6, 6, 4, 6], send, { window, sizeOf: (size) => size });
    expect(seen.mostBytes).toBeLessThanOrEqual(10);
    expect(seen.sent).toHaveLength(4);
  });

  it('sends what is larger than the window by itself', async () => {
    const { seen, send } = observed();
    await windowed([1, 100, 1], send, { window, sizeOf: (size) => size });
    expect(seen).toMatchObject({ mostBytes: 100, sent: [1, 100, 1] });
  });

  it('fails when one fails, after those under way have ended, and starts no more', async () => {
    const { seen, send } = observed((item) => item === 2);
    await expect(windowed([1, 2, 1, 1, 1, 1, 1, 1], send, { window, sizeOf: () => 1 })).rejects.toThrow(
      'cannot send 2',
    );
    expect(seen.underWay).toBe(0);
    expect(seen.sent.length).toBeLessThan(6);
  });
});
