import type { Destination } from './destination.js';
import { reasonToPostpone } from './report.js';

const destination: Destination = {
  destinationId: 'dst_1',
  version: 1,
  deleted: false,
  enabled: true,
  readable: true,
  url: 'https://example.com/hooks',
  format: 'standard',
  timeoutMs: 1000,
  maxConcurrency: 10,
  ratePerSecond: undefined,
  circuit: { version: 3, isOpen: true },
  secrets: [],
  headers: [],
};

describe('a delivery', () => {
  it('is given back while the circuit of its destination is open', () => {
    expect(reasonToPostpone(destination, {})).toEqual({ reason: 'circuit_open', circuitVersion: 3 });
  });

  it('is tried all the same if it is the probe', () => {
    expect(reasonToPostpone(destination, { probe: true })).toBeUndefined();
  });

  it('is not tried where it is not wanted any more, probe or not', () => {
    expect(reasonToPostpone({ ...destination, enabled: false }, { probe: true })).toEqual({
      reason: 'destination_disabled',
    });
    expect(reasonToPostpone({ ...destination, deleted: true }, { probe: true })).toEqual({
      reason: 'destination_deleted',
    });
  });

  it('is given back for a minute while no master key opens the secrets of its destination', () => {
    expect(reasonToPostpone({ ...destination, readable: false }, { probe: true })).toEqual({
      reason: 'destination_unreadable',
      retryInMs: 60_000,
    });
  });
});
