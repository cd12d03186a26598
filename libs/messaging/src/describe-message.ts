import { publicTenantId } from '#libs/contracts';

const own = {
  tenantId: 'posthorn.tenant_id',
  eventId: 'posthorn.event_id',
  deliveryId: 'posthorn.delivery_id',
  destinationId: 'posthorn.destination_id',
  attempt: 'posthorn.attempt',
};

/** Which message it is, by ids alone: nothing of what is in it. */
export function describeMessage(operation: 'send' | 'process', message: object, bodySize: number) {
  const fields = message as Readonly<Record<string, unknown>>;
  const ids = Object.entries(own).flatMap(([field, name]): [string, string | number][] => {
    const value = field === 'tenantId' ? shownTenant(fields[field]) : fields[field];
    return typeof value === 'string' || typeof value === 'number' ? [[name, value]] : [];
  });
  return {
    'messaging.system': 'rabbitmq',
    'messaging.operation.name': operation,
    'messaging.operation.type': operation,
    'messaging.message.body.size': bodySize,
    ...Object.fromEntries(ids),
  };
}

function shownTenant(tenantId: unknown): unknown {
  return typeof tenantId === 'string' ? publicTenantId(tenantId) : tenantId;
}
