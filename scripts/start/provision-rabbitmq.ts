import { basicAuthorization } from '#libs/servers';

/** May write to the exchange for publishers, and neither read nor declare anything. */
const ofPublishers = { configure: '^$', write: '^posthorn\\.ingest$', read: '^$' };
/** Every service declares the whole topology. Having no tag, it is kept from the management API all the same. */
const ofServices = { configure: '.*', write: '.*', read: '.*' };
const deadlineMs = 10_000;

export interface Broker {
  /** An administrator's; the first, if there are several. */
  readonly amqpUrl: string;
  /** With a user and password of its own, or those of `amqpUrl`. */
  readonly managementUrl: string;
}

/** Makes the user for publishers, or changes it to what it should be. Returns its address of the broker. */
export function provisionRabbitMq(broker: Broker, password: string): Promise<string> {
  return provisionUser(broker, { name: 'publisher', password, permissions: ofPublishers });
}

/** The same for a service. */
export function provisionServiceUser(broker: Broker, name: string, password: string): Promise<string> {
  return provisionUser(broker, { name, password, permissions: ofServices });
}

interface User {
  readonly name: string;
  readonly password: string;
  readonly permissions: typeof ofServices;
}

async function provisionUser(broker: Broker, { name, password, permissions }: User): Promise<string> {
  const url = new URL(broker.amqpUrl);
  const virtualHost = url.pathname === '' || url.pathname === '/' ? '%2F' : url.pathname.slice(1);
  await put(broker, `users/${name}`, { password, tags: '' });
  await put(broker, `permissions/${virtualHost}/${name}`, permissions);
  url.username = name;
  url.password = password;
  return url.href;
}

async function put({ amqpUrl, managementUrl }: Broker, path: string, body: object): Promise<void> {
  const base = new URL(managementUrl);
  const authorization = basicAuthorization(base.username === '' ? amqpUrl : managementUrl);
  base.username = '';
  base.password = '';
  const response = await fetch(`${base.href.replace(/\/$/, '')}/api/${path}`, {
    method: 'PUT',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(deadlineMs),
  });
  if (!response.ok)
    throw new Error(
      `RabbitMQ's management API answered ${response.status} to PUT ${path}: ${await response.text()}`,
    );
}
