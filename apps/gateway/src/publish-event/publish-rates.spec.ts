import { jest } from '@jest/globals';
import type { FastifyReply } from 'fastify';
import { GatewayConfig } from '../gateway.config.js';
import { PublishRates } from './publish-rates.js';

const headers = new Map<string, string>();
const reply = {
  header: (name: string, value: string) => headers.set(name, value),
} as unknown as FastifyReply;

beforeEach(() => {
  jest.useFakeTimers();
  headers.clear();
});

afterEach(() => {
  jest.useRealTimers();
});

const rates = (events: number, bytes: number): PublishRates =>
  new PublishRates(
    Object.assign(new GatewayConfig(), {
      PUBLISH_RATE_EVENTS_PER_TENANT: events,
      PUBLISH_RATE_BYTES_PER_TENANT: bytes,
    }),
  );

const limited = expect.objectContaining({ code: 'rate_limited' }) as unknown;

describe.each([
  [
    'events',
    (limits: PublishRates, tenantId: string, count: number) => limits.countEvents(tenantId, count, reply),
  ],
  [
    'bytes',
    (limits: PublishRates, tenantId: string, count: number) => limits.countBytes(tenantId, count, reply),
  ],
] as const)('a limit of 10 %s a second', (what, count) => {
  const tenPerSecond = (): PublishRates => (what === 'events' ? rates(10, 0) : rates(0, 10));
  const problemOf = (limits: PublishRates, tenantId: string, amount: number): unknown => {
    try {
      count(limits, tenantId, amount);
      return undefined;
    } catch (error) {
      return error;
    }
  };

  it('admits two seconds of them at once, then refuses with whole seconds in retry-after', () => {
    const limits = tenPerSecond();
    expect(problemOf(limits, 'a', 20)).toBeUndefined();
    expect(headers.size).toBe(0);
    expect(problemOf(limits, 'a', 15)).toEqual(limited);
    expect(problemOf(limits, 'a', 15)).toMatchObject({ detail: expect.stringContaining(what) });
    expect(headers.get('retry-after')).toBe('2');
  });

  it('admits the same amount after the time in retry-after, and takes nothing for a refusal', () => {
    const limits = tenPerSecond();
    count(limits, 'a', 20);
    expect(problemOf(limits, 'a', 10)).toEqual(limited);
    expect(headers.get('retry-after')).toBe('1');
    jest.advanceTimersByTime(1000);
    expect(problemOf(limits, 'a', 10)).toBeUndefined();
  });

  it('holds for each tenant alone', () => {
    const limits = tenPerSecond();
    count(limits, 'a', 20);
    expect(problemOf(limits, 'a', 1)).toEqual(limited);
    expect(problemOf(limits, 'b', 20)).toBeUndefined();
  });

  it('admits a batch larger than the bucket when the bucket is full, and charges all of it', () => {
    const limits = tenPerSecond();
    expect(problemOf(limits, 'a', 50)).toBeUndefined();
    expect(problemOf(limits, 'a', 1)).toEqual(limited);
    // The bucket holds -30: one event or byte is there after 3.1 seconds.
    expect(headers.get('retry-after')).toBe('4');
    jest.advanceTimersByTime(3100);
    expect(problemOf(limits, 'a', 1)).toBeUndefined();
  });
});

describe('a limit of 0', () => {
  it('admits any number of events and bytes', () => {
    const limits = rates(0, 0);
    for (let call = 0; call < 3; call++) {
      limits.countEvents('a', 1_000_000, reply);
      limits.countBytes('a', 1_000_000_000, reply);
    }
    expect(headers.size).toBe(0);
  });
});
