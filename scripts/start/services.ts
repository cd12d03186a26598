/** Every service, in the order in which it is shown. One line adds one. */
export const services = [
  { name: 'registry', ownsData: true },
  { name: 'router', ownsData: true },
  { name: 'ledger', ownsData: true },
  { name: 'dispatcher', ownsData: true },
  { name: 'alerts', ownsData: true },
  { name: 'gateway', ownsData: false },
] as const;

export type ServiceName = (typeof services)[number]['name'];
export type DataOwner = Extract<(typeof services)[number], { ownsData: true }>['name'];

/** Each has a schema of its own, named after it. */
export const dataOwners = services
  .filter((service) => service.ownsData)
  .map((service): DataOwner => service.name);
