import { PublishWindow } from './publish-window.js';

const MIB = 1024 * 1024;

/** Events that are confirmed when the test says so. */
function world() {
  const window = new PublishWindow();
  window.limit = { messages: 100, bytes: 16 * MIB };
  const confirms: { tenantId: string; confirm: () => void }[] = [];
  const publish = (tenantId: string, bytes: number, deadlineMs = 5000): Promise<void> =>
    window.run(tenantId, { bytes, deadlineMs }, () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      confirms.push({ tenantId, confirm: resolve });
      return promise;
    });
  /** A deadline that a test leaves behind would fail another one. */
  const confirmAll = async (): Promise<void> => {
    for (let next = confirms.shift(); next; next = confirms.shift()) {
      next.confirm();
      await new Promise(setImmediate);
    }
  };
  const under = (tenantId: string): number => confirms.filter((one) => one.tenantId === tenantId).length;
  return { publish, confirms, confirmAll, under };
}

describe('the window of unconfirmed events', () => {
  it('leaves half of its bytes to others, and gives the other half to one', async () => {
    const { publish, confirmAll, under } = world();
    for (let event = 0; event < 20; event++) void publish('large', MIB);
    expect(under('large')).toBe(8);
    for (let event = 0; event < 3; event++) void publish('small', 1000);
    await Promise.resolve();
    expect(under('small')).toBe(3);
    await confirmAll();
  });

  it('leaves half of its messages to others', async () => {
    const { publish, confirmAll, under } = world();
    for (let event = 0; event < 200; event++) void publish('many', 1);
    for (let event = 0; event < 200; event++) void publish('more', 1);
    expect([under('many'), under('more')]).toEqual([50, 25]);
    await confirmAll();
  });

  it('publishes what waits, in order, as confirms come', async () => {
    const { publish, confirms, confirmAll, under } = world();
    const all = Array.from({ length: 20 }, () => publish('t', 5 * MIB));
    expect(under('t')).toBe(1);
    await confirmAll();
    await Promise.all(all);
    expect(confirms).toEqual([]);
  });

  it('takes one event that is larger than the share of its tenant', () => {
    const { publish, under } = world();
    void publish('t', 12 * MIB);
    expect(under('t')).toBe(1);
  });

  it('gives up what had no room in time, and publishes it not', async () => {
    const { publish, under } = world();
    void publish('t', 12 * MIB);
    await expect(publish('t', MIB, 10)).rejects.toMatchObject({ code: 'unavailable' });
    expect(under('t')).toBe(1);
  });

  it('gives room back where publishing fails', async () => {
    const window = new PublishWindow();
    window.limit = { messages: 100, bytes: MIB };
    const failed = window.run('t', { bytes: MIB, deadlineMs: 100 }, () => Promise.reject(new Error('no')));
    await expect(failed).rejects.toThrow('no');
    await expect(window.run('t', { bytes: MIB, deadlineMs: 100 }, async () => 'yes')).resolves.toBe('yes');
  });
});
