import { DeliveryRequested } from '#libs/contracts';
import type { Admission, Admissions } from '../admit-attempt/admissions.js';
import { Attempts } from './attempts.js';
import type { Destination } from './destination.js';
import { RecentAttempts } from './recent-attempts.js';
import { type Attempt, attempted } from './report.js';
import type { WebhookSender } from './webhook-sender.js';

const destination = {} as Destination;
const request = Object.assign(new DeliveryRequested(), { deliveryId: 'dlv_1', attempt: 1 });
const attempt: Attempt = {
  destinationVersion: 1,
  repeated: false,
  result: 'unreachable',
  startedAt: '2026-01-31T00:00:00.000Z',
  durationMs: 12,
  body: Buffer.alloc(0),
};
const report = attempted(request, attempt);

let room: boolean;
let ended: unknown[];
let send: () => Promise<Attempt>;
let attempts: Attempts;

beforeEach(() => {
  room = true;
  ended = [];
  send = () => Promise.resolve(attempt);
  const admissions = {
    admit: (): Promise<Admission> =>
      Promise.resolve(
        room
          ? { admitted: true, end: (durationMs) => ended.push(durationMs) }
          : { admitted: false, retryInMs: 70 },
      ),
  } as unknown as Admissions;
  const sender = { send: () => send() } as unknown as WebhookSender;
  attempts = new Attempts(new RecentAttempts(), admissions, sender);
});

describe('an attempt', () => {
  it('is made where there is room, and tells how long it took', async () => {
    expect(await attempts.make(request, destination, false)).toEqual({ report });
    expect(ended[0]).toBe(12);
  });

  it('is not made where there is none', async () => {
    room = false;
    expect(await attempts.make(request, destination, false)).toEqual({ retryInMs: 70 });
  });

  it('needs no room to be reported again', async () => {
    await attempts.make(request, destination, false);
    room = false;
    expect(await attempts.make(request, destination, false)).toEqual({ report });
  });

  it('is marked when another copy of its request had been in a process that died', async () => {
    await attempts.make(request, destination, false);
    expect(await attempts.make(request, destination, true)).toEqual({
      report: { ...report, repeated: true },
    });
  });

  it('gives its room back when it cannot be made', async () => {
    send = () => Promise.reject(new Error('no'));
    await expect(attempts.make(request, destination, false)).rejects.toThrow('no');
    expect(ended).toEqual([undefined]);
  });
});
