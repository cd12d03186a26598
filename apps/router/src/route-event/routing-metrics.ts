import { counter } from '#libs/observability';

const routed = counter({
  name: 'posthorn_events_routed_total',
  help: 'Events that were matched against the destinations, also those that none wants. After a crash an event may be routed, and counted, again.',
});

const repeated = counter({
  name: 'posthorn_events_repeated_total',
  help: 'Events that were accepted again under an id of the last seven days, and left out.',
});

const deliveries = counter(
  {
    name: 'posthorn_deliveries_routed_total',
    help: 'Deliveries that routing came to: asked for at once, or held because the destination is disabled.',
    labels: ['held'],
  },
  [{ held: 'false' }, { held: 'true' }],
);

/** To be called once for each batch. */
export function countRouted(batch: {
  readonly routed: number;
  readonly repeated: number;
  readonly requested: number;
  readonly held: number;
}): void {
  routed.inc(batch.routed);
  repeated.inc(batch.repeated);
  deliveries.inc({ held: 'false' }, batch.requested);
  deliveries.inc({ held: 'true' }, batch.held);
}
