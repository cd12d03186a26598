import { jest } from '@jest/globals';
import { RoutingBrake } from './routing-brake.js';

const bundleBytes = 64 * 1024;

describe('the brake on publishing', () => {
  let inQueue: number | undefined;
  let brake: RoutingBrake;

  beforeEach(() => {
    jest.useFakeTimers();
    inQueue = 0;
    brake = new RoutingBrake(
      { waitingIn: () => Promise.resolve(inQueue) } as never,
      { PUBLISH_TIMEOUT_MS: 5000 } as never,
    );
  });
  afterEach(() => jest.useRealTimers());

  /** Publishes so many bundles for a tenant. @returns how many are held, and how many of them went on or were refused. */
  const publish = (tenantId: string, bundles: number) => {
    const result = { held: 0, released: 0, refused: 0 };
    for (let count = 0; count < bundles; count++) {
      const held = brake.hold(tenantId, bundleBytes);
      if (!held) continue;
      result.held++;
      held.then(
        () => result.released++,
        () => result.refused++,
      );
    }
    return result;
  };

  it('holds the tenant with the large share while the queue is long, and no other', async () => {
    for (const quiet of ['a', 'b', 'c']) publish(quiet, 1);
    await jest.advanceTimersByTimeAsync(0);
    const hostile = publish('h', 150);
    // The first ones are no large share yet.
    expect(hostile.held).toBe(49);
    inQueue = 1000;
    await jest.advanceTimersByTimeAsync(1000);
    expect(hostile.released).toBe(0);
    expect(publish('a', 1).held).toBe(0);
  });

  it('lets fewer go on each time while messages wait, and all of them in the end', async () => {
    publish('a', 1);
    await jest.advanceTimersByTimeAsync(0);
    const hostile = publish('h', 250);
    expect(hostile.held).toBe(147);
    inQueue = 5;
    const released: number[] = [];
    for (let answers = 0; answers < 3; answers++) {
      await jest.advanceTimersByTimeAsync(100);
      released.push(hostile.released);
    }
    expect(released).toEqual([50, 75, 88]);
    inQueue = 0;
    await jest.advanceTimersByTimeAsync(1000);
    expect(hostile.released).toBe(hostile.held);
  });

  it('refuses what it could not let go in time', async () => {
    publish('a', 1);
    await jest.advanceTimersByTimeAsync(0);
    const hostile = publish('h', 150);
    inQueue = 1000;
    await jest.advanceTimersByTimeAsync(5000);
    expect(hostile).toMatchObject({ released: 0, refused: hostile.held });
  });

  it('holds nothing while the broker does not answer how long the queue is', async () => {
    publish('a', 1);
    await jest.advanceTimersByTimeAsync(0);
    inQueue = undefined;
    const hostile = publish('h', 500);
    await jest.advanceTimersByTimeAsync(1000);
    expect(hostile.released).toBe(hostile.held);
  });
});
