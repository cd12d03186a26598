import { create, DestinationChanged } from '#libs/contracts';

/** `dst_1` of tenant `t`, as it is created unless it is said otherwise. */
export function destinationChanged(changes: Partial<DestinationChanged> = {}): DestinationChanged {
  return create(DestinationChanged, {
    destinationId: 'dst_1',
    tenantId: 't',
    version: 1,
    renewedVersion: 1,
    deleted: false,
    enabled: true,
    url: 'https://example.com/hooks',
    eventTypes: ['#'],
    timeoutMs: 1000,
    maxConcurrency: 10,
    sealedSecrets: [],
    ...changes,
  });
}
