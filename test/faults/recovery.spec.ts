import { slowestRecoveryMs } from './recovery.js';

const intent = { eventId: 'e', tenantId: 't', eventType: 'x', hash: '', tries: 1 } as const;
const sighting = { path: '/', eventId: 'e', hash: '', isVerified: true, status: 200 };

describe('the time to recover', () => {
  it('ends when a publish is accepted and a webhook arrives, whichever is later', () => {
    const intents = [90, 130, 500].map((acknowledgedAtMs) => ({
      ...intent,
      door: 'http' as const,
      acknowledgedAtMs,
    }));
    const sightings = [95, 170].map((atMs) => ({ ...sighting, atMs }));
    expect(slowestRecoveryMs([100], { intents, sightings })).toBe(70);
  });

  it('is the longest of several outages', () => {
    const sightings = [105, 260].map((atMs) => ({ ...sighting, atMs }));
    expect(slowestRecoveryMs([100, 200], { intents: [], sightings })).toBe(60);
  });

  it('is unknown where nothing was away or nothing was left to do', () => {
    expect(slowestRecoveryMs([], { intents: [], sightings: [{ ...sighting, atMs: 1 }] })).toBeUndefined();
    expect(slowestRecoveryMs([100], { intents: [], sightings: [] })).toBeUndefined();
  });
});
