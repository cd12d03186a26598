import { topology } from '#libs/contracts';
import { defaultBounds, ingestPolicy } from './broker-bounds.js';
import { type BrokerRights, rightsOf, rightsOfPublishers } from './broker-rights.js';
import { exchanges, type PlannedQueue, planOf } from './topology-plan.js';

/** The name of a service's user at RabbitMQ, or of that for publishers. */
export function userOf(owner: string): string {
  return `posthorn-${owner}`;
}

/**
 * All that Posthorn needs in a RabbitMQ that the operator runs, but its users and their limits: exchanges, queues, a policy and rights, as
 * `rabbitmqctl import_definitions` and the management API take them.
 */
export function definitions(vhost = '/'): object {
  const owners = [...new Set(topology.map(({ name }) => name.slice(0, name.indexOf('.'))))];
  const rights: (readonly [string, BrokerRights])[] = [
    ...owners.map((owner) => [userOf(owner), rightsOf(owner)] as const),
    [userOf('publisher'), rightsOfPublishers],
  ];
  const plan = planOf(topology);
  return {
    permissions: rights.map(([user, { resources }]) => ({ user, vhost, ...resources })),
    topic_permissions: rights.flatMap(([user, { topics }]) =>
      Object.entries(topics).map(([exchange, keys]) => ({ user, vhost, exchange, ...keys })),
    ),
    policies: [{ vhost, ...ingestPolicy(defaultBounds) }],
    exchanges: exchanges.map((name) => ({
      name,
      vhost,
      type: 'topic',
      durable: true,
      auto_delete: false,
      internal: false,
      arguments: {},
    })),
    queues: plan.map(({ name, options }) => ({
      name,
      vhost,
      durable: options.durable,
      auto_delete: false,
      arguments: options.arguments as object,
    })),
    bindings: plan.flatMap((queue) => bindingsOf(queue, vhost)),
  };
}

function bindingsOf({ name, bindings }: PlannedQueue, vhost: string): object[] {
  return bindings.map(({ exchange, routingKey }) => ({
    source: exchange,
    vhost,
    destination: name,
    destination_type: 'queue',
    routing_key: routingKey,
    arguments: {},
  }));
}
