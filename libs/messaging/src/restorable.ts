import type { MessageProperties, Options } from 'amqplib';

/**
 * Headers that must not be written again: some that RabbitMQ writes itself, and CC and BCC, by which it would hand the
 * copy to any queue that the publisher has named.
 */
const brokerHeaders =
  /^(cc|bcc|x-death|x-first-death-.*|x-last-death-.*|x-delivery-count|x-acquired-count|x-opt-.*)$/i;

const names = [
  'contentType',
  'contentEncoding',
  'priority',
  'correlationId',
  'replyTo',
  'messageId',
  'timestamp',
  'type',
  'appId',
] as const;

/**
 * What a message's publisher said with it, so that it can be published again. Left out are the expiration, since it is
 * kept on purpose, and the user id, which RabbitMQ lets only that user write.
 */
export function restorable(
  properties: Partial<MessageProperties>,
  without: readonly string[] = [],
): Options.Publish {
  const given = names.filter((name) => properties[name] !== undefined);
  return {
    ...Object.fromEntries(given.map((name) => [name, properties[name] as unknown])),
    headers: Object.fromEntries(
      Object.entries(properties.headers ?? {}).filter(
        ([name]) => !brokerHeaders.test(name) && !without.includes(name),
      ),
    ),
  };
}
