import { exchange, ingestExchange, type JsonSchema, topology, version } from '#libs/contracts';
import { Schemas } from '../openapi/schemas.js';
import { describeMessage } from './describe-message.js';
import { ingestMessages } from './ingest-messages.js';

const ownMessages = topology.filter(({ message }) => ['json', 'headers'].includes(message.encoding));

/**
 * The AsyncAPI 3 document: the door for publishers, then the messages that Posthorn's services send one another, from
 * the one table of queues.
 */
export function buildAsyncApi(): JsonSchema {
  const schemas = new Schemas();
  const types = new Map(ownMessages.map(({ message }) => [message.type, message]));
  const ingest = ingestMessages(schemas);
  const messages = Object.fromEntries(
    [...types].map(([name, type]) => [name, describeMessage(type, schemas)] as const),
  );
  const channels = Object.fromEntries(
    [...types.keys()].map((name) => [name, internalChannel(name)] as const),
  );
  const operations = Object.fromEntries(ownMessages.map((queue) => [queue.name, receiving(queue)] as const));
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Posthorn',
      version,
      description,
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    servers: { rabbitmq: server },
    channels: { ingest: ingestChannel(Object.keys(ingest)), ...channels },
    operations: { publishEvent: publishing(Object.keys(ingest)), ...operations },
    components: { messages: { ...ingest, ...messages }, schemas: schemas.components },
  };
}

const description = `\`publishEvent\` is for publishers: it is as stable as the HTTP API. A publisher's RabbitMQ user may write to \`${ingestExchange}\` and do nothing else. A message that is refused is parked with its reason: see \`GET /v1/parked\`.

All else is how Posthorn's services talk to each other, for its operators. A consumer ignores fields it does not know; anything but an added optional field is a new version beside the old one.`;

const server = {
  host: 'localhost:5672',
  protocol: 'amqp',
  protocolVersion: '0.9.1',
  description: 'The RabbitMQ of this installation: 3.10 or newer.',
};

const topicExchange = (name: string): JsonSchema => ({
  amqp: {
    is: 'routingKey',
    exchange: { name, type: 'topic', durable: true, autoDelete: false },
    bindingVersion: '0.3.0',
  },
});

function ingestChannel(names: readonly string[]): JsonSchema {
  return {
    address: '{tenantId}',
    title: 'The door for publishers',
    description: "The routing key is the tenant's id.",
    parameters: { tenantId: { description: 'Whose event it is.' } },
    messages: messageRefs(names),
    bindings: topicExchange(ingestExchange),
  };
}

function publishing(names: readonly string[]): JsonSchema {
  return {
    action: 'receive',
    channel: { $ref: '#/channels/ingest' },
    title: 'Publish an event',
    summary: 'It is accepted once it is acknowledged: publish with confirms, persistent.',
    messages: names.map((name) => ({ $ref: `#/channels/ingest/messages/${name}` })),
    bindings: { amqp: { deliveryMode: 2, mandatory: true, ack: true, bindingVersion: '0.3.0' } },
  };
}

function internalChannel(name: string): JsonSchema {
  return { address: name, messages: messageRefs([name]), bindings: topicExchange(exchange) };
}

function receiving({ name, kind, message, partitions }: (typeof topology)[number]): JsonSchema {
  const queues = partitions === undefined ? '' : ` In ${partitions} queues, ${name}.p0 and so on.`;
  return {
    action: 'receive',
    channel: { $ref: `#/channels/${pointer(message.type)}` },
    summary: `${kinds[kind]}${queues}`,
    tags: [{ name: name.slice(0, name.indexOf('.')) }],
    messages: [{ $ref: `#/channels/${pointer(message.type)}/messages/${pointer(message.type)}` }],
  };
}

const kinds = {
  work: 'Each message is handled by one process.',
  broadcast: 'Each process has a queue of its own.',
  request: 'A request: the answer goes to `replyTo`.',
  collect: 'From the parked queues of all others.',
};

function messageRefs(names: readonly string[]): JsonSchema {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/messages/${pointer(name)}` }]));
}

/** A name as part of a JSON Pointer. */
function pointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
