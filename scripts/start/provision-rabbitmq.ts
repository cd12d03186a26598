import {
  type BrokerBounds,
  type BrokerRights,
  ingestPolicy,
  provisionTopology,
  publisherLimits,
  rightsOf,
  rightsOfPublishers,
  userOf,
} from '#libs/messaging';
import { managementHeaders } from '#libs/servers';
import type { Secrets } from './secrets.js';
import { type ServiceName, services } from './services.js';

const deadlineMs = 10_000;

export interface Broker {
  /** An administrator's; comma separated, where it has several nodes. */
  readonly amqpUrl: string;
  /** With a user and password of its own, or those of `amqpUrl`. */
  readonly managementUrl: string;
}

/** Addresses of the broker, each with a user that may do what its owner needs and no more. */
export interface Logins {
  readonly publisher: string;
  /** Of all nodes. */
  readonly ofService: Readonly<Record<ServiceName, string>>;
}

/**
 * Declares every queue and bounds what publishers may take, then makes a user for each service and one for publishers, or changes them to what they should
 * be. In this order: nobody can publish before everybody who is to hear it has a queue.
 */
export async function provisionRabbitMq(
  broker: Broker,
  { publisherPassword, rolePasswords }: Pick<Secrets, 'publisherPassword' | 'rolePasswords'>,
  bounds: BrokerBounds,
): Promise<Logins> {
  await provisionTopology(firstNode(broker), deadlineMs);
  const { name: policy, ...rule } = ingestPolicy(bounds);
  await put(broker, `policies/${virtualHostOf(broker)}/${policy}`, rule);
  const publisher = { name: userOf('publisher'), password: publisherPassword, rights: rightsOfPublishers };
  await putUser(broker, publisher);
  for (const [limit, value] of Object.entries(publisherLimits(bounds)))
    await put(broker, `user-limits/${publisher.name}/${limit}`, { value });
  const ofService = services.map(async ({ name }) => {
    const user = { name: userOf(name), password: rolePasswords[name], rights: rightsOf(name) };
    await putUser(broker, user);
    return [
      name,
      broker.amqpUrl
        .split(',')
        .map((node) => loginOf(user, node))
        .join(','),
    ] as const;
  });
  return {
    publisher: loginOf(publisher, firstNode(broker)),
    ofService: Object.fromEntries(await Promise.all(ofService)) as Record<ServiceName, string>,
  };
}

interface User {
  readonly name: string;
  readonly password: string;
  readonly rights: BrokerRights;
}

/** Having no tag, it is kept from the management API. */
async function putUser(broker: Broker, { name, password, rights }: User): Promise<void> {
  const virtualHost = virtualHostOf(broker);
  await put(broker, `users/${name}`, { password, tags: '' });
  await put(broker, `permissions/${virtualHost}/${name}`, rights.resources);
  for (const [exchange, keys] of Object.entries(rights.topics))
    await put(broker, `topic-permissions/${virtualHost}/${name}`, { exchange, ...keys });
}

function virtualHostOf(broker: Broker): string {
  const { pathname } = new URL(firstNode(broker));
  return pathname === '' || pathname === '/' ? '%2F' : pathname.slice(1);
}

export function firstNode({ amqpUrl }: Pick<Broker, 'amqpUrl'>): string {
  return amqpUrl.split(',')[0] ?? '';
}

function loginOf({ name, password }: User, node: string): string {
  const url = new URL(node);
  url.username = name;
  url.password = password;
  return url.href;
}

async function put(broker: Broker, path: string, body: object): Promise<void> {
  const base = new URL(broker.managementUrl);
  const headers = managementHeaders(base.username === '' ? firstNode(broker) : base.href);
  base.username = '';
  base.password = '';
  const response = await fetch(`${base.href.replace(/\/$/, '')}/api/${path}`, {
    method: 'PUT',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(deadlineMs),
  });
  if (!response.ok)
    throw new Error(
      `RabbitMQ's management API answered ${response.status} to PUT ${path}: ${await response.text()}`,
    );
}
