/** Every place where a fault test can kill a service, in the order in which an event passes them. */
export const failpointNames = [
  'gateway.read',
  'gateway.unconfirmed',
  'gateway.confirmed',
  'gateway.taken',
  'gateway.republished',
  'router.received',
  'router.claimed',
  'router.between-publishes',
  'router.after-publish',
  'dispatcher.taken',
  'dispatcher.sent',
  'dispatcher.answered',
  'dispatcher.reported',
  'ledger.read',
  'ledger.committed',
  'ledger.claimed-due',
  'ledger.published-due',
  'ledger.replay-row',
  'registry.committed',
  'registry.relayed',
] as const;

export type FailpointName = (typeof failpointNames)[number];
