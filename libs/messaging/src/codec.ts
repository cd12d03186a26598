import { type FieldError, instanceOf, type MessageType, partitionOf } from '#libs/contracts';
import { findFaults } from '#libs/validation';
import type { Message, Options } from 'amqplib';
import { DecodeError } from './errors.js';
import { isSurelyValid } from './surely-valid.js';

export interface Encoded {
  readonly routingKey: string;
  readonly body: Buffer;
  readonly options: Options.Publish;
}

/** The class of a message, which says how it travels. */
export function typeOf(message: object): MessageType {
  return message.constructor as unknown as MessageType;
}

/** Turns a message into bytes by the encoding that its class names. */
export function encode(message: object): Encoded {
  const type = typeOf(message);
  const routingKey = routingKeyOf(type, message);
  if (type.encoding === 'json') {
    return {
      routingKey,
      body: Buffer.from(JSON.stringify(message)),
      options: { contentType: 'application/json', type: type.type },
    };
  }
  const { body, ...headers } = message as { body: Buffer } & Record<string, unknown>;
  for (const [name, value] of Object.entries(headers)) if (value === undefined) delete headers[name];
  return { routingKey, body, options: { headers, type: type.type } };
}

/**
 * Turns bytes back into a message of this class. Fields that the class does not have are ignored: a newer sender may
 * write them.
 * @throws DecodeError naming what is wrong.
 */
export function decode<Decoded extends object>(type: MessageType<Decoded>, message: Message): Decoded {
  if (type.encoding === 'foreign') return foreign(type, message);
  if (type.encoding === 'parked') throw new DecodeError(`a ${type.type} message is read by its collector`);
  const instance = type.encoding === 'json' ? fromJson(type, message) : fromHeaders(type, message);
  const faults = contractFaults(type, instance);
  if (faults.length > 0) {
    const text = faults.map((fault) => fault.message).join('; ');
    throw new DecodeError(`not a ${type.type}: ${text}`, faults);
  }
  return instance;
}

/** What a reader of this message would refuse it for; empty for a valid one. */
export function contractFaults(type: MessageType, message: object): FieldError[] {
  return isSurelyValid(type, message) ? [] : findFaults(message);
}

function routingKeyOf(type: MessageType, message: object): string {
  if (type.partitionKey === undefined) return type.type;
  return `${type.type}.p${partitionOf(String((message as Record<string, unknown>)[type.partitionKey]))}`;
}

function fromJson<Decoded extends object>(type: MessageType<Decoded>, message: Message): Decoded {
  let value: unknown;
  try {
    value = JSON.parse(message.content.toString());
  } catch {
    throw new DecodeError(`not a ${type.type}: the body is not JSON`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new DecodeError(`not a ${type.type}: the body is not a JSON object`);
  }
  return instanceOf(type, value);
}

function fromHeaders<Decoded extends object>(type: MessageType<Decoded>, message: Message): Decoded {
  const headers = message.properties.headers ?? {};
  const instance = new type();
  const fields = instance as Record<string, unknown>;
  for (const field of Object.keys(fields)) if (headers[field] !== undefined) fields[field] = headers[field];
  fields['body'] = message.content;
  return instance;
}

function foreign<Decoded extends object>(type: MessageType<Decoded>, message: Message): Decoded {
  const { messageId, contentType, contentEncoding, headers } = message.properties;
  return Object.assign(new type(), {
    routingKey: message.fields.routingKey,
    headers: headers ?? {},
    body: message.content,
    ...(typeof messageId === 'string' && { messageId }),
    ...(typeof contentType === 'string' && { contentType }),
    ...(typeof contentEncoding === 'string' && { contentEncoding }),
  });
}
