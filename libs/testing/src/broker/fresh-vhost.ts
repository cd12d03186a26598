import { randomUUID } from 'node:crypto';
import { managementHeaders } from '#libs/servers';

export interface FreshVhost {
  readonly url: string;
  /** Closes every connection of this virtual host, as an operator would. @returns how many there were. */
  closeConnections(): Promise<number>;
  hasQueue(name: string): Promise<boolean>;
  deleteQueue(name: string): Promise<void>;
  /** Declares a durable queue with these arguments, bound to an exchange by its name, if one is given. */
  declareQueue(name: string, args: Record<string, unknown>, exchange?: string): Promise<void>;
  /** Takes one message off a queue; undefined if there is none. */
  takeMessage(queue: string): Promise<TakenMessage | undefined>;
  /** Makes a user, with these rights in this virtual host. @returns its address of it. */
  addUser(rights: UserRights, name?: string): Promise<string>;
  /** As RabbitMQ exports and imports them. */
  importDefinitions(definitions: object): Promise<void>;
  /** Takes from our user the right to consume from a queue. */
  forbidReading(queue: string): Promise<void>;
  drop(): Promise<void>;
}

/** As RabbitMQ's management API takes them; `topics` by exchange. */
export interface UserRights {
  readonly resources?: object;
  readonly topics?: Readonly<Record<string, object>>;
}

export interface TakenMessage {
  readonly payload: string;
  readonly properties: { readonly headers?: Record<string, unknown> };
}

/** A virtual host of the test broker for one spec alone: its queues are nobody else's. */
export async function freshVhost(): Promise<FreshVhost> {
  const amqpUrl = environment('TEST_AMQP_URL');
  const api = managementApi(amqpUrl, environment('TEST_MANAGEMENT_URL'));
  const vhost = `test-${randomUUID()}`;
  const users: string[] = [];
  await api('PUT', `/vhosts/${vhost}`);
  const { username } = new URL(amqpUrl);
  const allowReading = (pattern: string): Promise<unknown> =>
    api('PUT', `/permissions/${vhost}/${username}`, { configure: '.*', write: '.*', read: pattern });
  await allowReading('.*');
  const url = new URL(amqpUrl);
  url.pathname = `/${vhost}`;
  return {
    url: url.toString(),
    async closeConnections() {
      // The list is made from statistics, which lag behind: ask until it is not empty.
      for (let tries = 0; tries < 100; tries++) {
        const names = ((await api('GET', `/vhosts/${vhost}/connections`)) as { name: string }[]).map(
          ({ name }) => name,
        );
        if (names.length > 0) {
          await Promise.all(names.map((name) => api('DELETE', `/connections/${encodeURIComponent(name)}`)));
          return names.length;
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      return 0;
    },
    async hasQueue(name) {
      return !Array.isArray(await api('GET', `/queues/${vhost}/${name}`));
    },
    async deleteQueue(name) {
      await api('DELETE', `/queues/${vhost}/${name}`);
    },
    async declareQueue(name, args, exchange) {
      await api('PUT', `/queues/${vhost}/${name}`, { durable: true, arguments: args });
      if (exchange !== undefined)
        await api('POST', `/bindings/${vhost}/e/${exchange}/q/${name}`, { routing_key: name });
    },
    async takeMessage(queue) {
      const body = { count: 1, ackmode: 'ack_requeue_false', encoding: 'auto' };
      return ((await api('POST', `/queues/${vhost}/${queue}/get`, body)) as TakenMessage[])[0];
    },
    async addUser({ resources, topics = {} }, name = `${vhost}-${users.length}`) {
      users.push(name);
      await api('PUT', `/users/${name}`, { password: name, tags: '' });
      if (resources) await api('PUT', `/permissions/${vhost}/${name}`, resources);
      for (const [exchange, keys] of Object.entries(topics))
        await api('PUT', `/topic-permissions/${vhost}/${name}`, { exchange, ...keys });
      const own = new URL(url);
      own.username = own.password = name;
      return own.href;
    },
    async importDefinitions(definitions) {
      await api('POST', '/definitions', definitions);
    },
    async forbidReading(queue) {
      await allowReading(`^(?!${queue}$)`);
    },
    async drop() {
      await api('DELETE', `/vhosts/${vhost}`);
      await Promise.all(users.map((name) => api('DELETE', `/users/${name}`)));
    },
  };
}

function managementApi(amqpUrl: string, managementUrl: string) {
  return async (method: string, path: string, body?: object): Promise<unknown> => {
    const response = await fetch(new URL(`/api${path}`, managementUrl), {
      method,
      headers: { ...managementHeaders(amqpUrl), 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok && response.status !== 404)
      throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' || response.status === 404 ? [] : (JSON.parse(text) as unknown);
  };
}

export function environment(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run the integration project of jest`);
  return value;
}
