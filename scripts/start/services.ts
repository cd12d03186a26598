/**
 * Every service, in the order in which it is shown, with the keys that it needs beside its logins. One line adds one. What
 * starts services goes by this table: `npm start`, docker compose, and the Secrets that the chart expects.
 */
export const services = [
  { name: 'registry', ownsData: true, keys: ['POSTHORN_MASTER_KEY'] },
  { name: 'router', ownsData: true, keys: [] },
  { name: 'ledger', ownsData: true, keys: [] },
  { name: 'dispatcher', ownsData: true, keys: ['POSTHORN_MASTER_KEY'] },
  { name: 'alerts', ownsData: true, keys: [] },
  { name: 'gateway', ownsData: false, keys: ['POSTHORN_ROOT_KEY', 'POSTHORN_KEY_PEPPER'] },
] as const;

export type ServiceName = (typeof services)[number]['name'];
export type KeyName = (typeof services)[number]['keys'][number];
export type DataOwner = Extract<(typeof services)[number], { ownsData: true }>['name'];

/** Each has a schema of its own, named after it. */
export const dataOwners = services
  .filter((service) => service.ownsData)
  .map((service): DataOwner => service.name);

/** The keys that a service needs. */
export function keysOf(name: ServiceName): readonly KeyName[] {
  return services.find((service) => service.name === name)?.keys ?? [];
}
