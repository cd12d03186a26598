import type { ConsumeMessage } from 'amqplib';
import fc from 'fast-check';
import { bundle, partsInHand, partsOf } from './bundle.js';
import type { Encoded } from './codec.js';
import type { Incoming } from './queue-consumer.js';

const header = fc.oneof(fc.string(), fc.integer(), fc.boolean());
const encodings: fc.Arbitrary<Encoded> = fc.record({
  routingKey: fc.constant('demo.counted.v1'),
  body: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  options: fc.record(
    {
      type: fc.constant('demo.counted.v1'),
      contentType: fc.constant('application/json'),
      headers: fc.dictionary(fc.string({ minLength: 1 }), header, { noNullPrototype: true }),
    },
    { requiredKeys: ['type'] },
  ),
});

/** As RabbitMQ hands it to a consumer. */
function carried({ body, options, routingKey }: Encoded, headers: object = {}): ConsumeMessage {
  return {
    content: body,
    properties: {
      messageId: 'm-1',
      deliveryMode: 2,
      ...options,
      headers: { ...(options.headers as object), ...headers },
    },
    fields: { exchange: 'posthorn', routingKey, consumerTag: '', deliveryTag: 1, redelivered: true },
  } as unknown as ConsumeMessage;
}

const encoded = (text: string): Encoded => ({
  routingKey: 'demo.counted.v1',
  body: Buffer.from(text),
  options: { type: 'demo.counted.v1' },
});

describe('a bundle', () => {
  it('gives back its messages, each as if it had come alone, with an id of its own', () => {
    fc.assert(
      fc.property(fc.array(encodings, { minLength: 2, maxLength: 60 }), ([first, ...others]) => {
        const messages = [first!, ...others] as const;
        const parts = partsOf(carried(bundle(messages), { 'x-delivery-count': 2 }));
        expect(parts.map(({ content }) => content)).toEqual(messages.map(({ body }) => body));
        for (const [index, { fields, properties }] of parts.entries()) {
          const { contentType, headers } = messages[index]!.options;
          expect(fields).toMatchObject({ routingKey: 'demo.counted.v1', redelivered: true });
          expect(properties).toMatchObject({
            type: 'demo.counted.v1',
            deliveryMode: 2,
            messageId: `m-1.${index}`,
          });
          expect([properties.contentType, properties.contentEncoding]).toEqual([contentType, undefined]);
          expect(properties.headers).toEqual({ ...(headers as object), 'x-delivery-count': 2 });
        }
      }),
    );
  });

  it('of one message is that message', () => {
    const alone = encoded('a');
    expect(bundle([alone])).toBe(alone);
    const message = carried(alone);
    expect(partsOf(message)).toEqual([message]);
  });

  it('that is damaged anywhere stays whole, or has as many bytes in its messages as before', () => {
    const { body, ...rest } = bundle([encoded('a'), encoded('bc')]);
    fc.assert(
      fc.property(fc.nat(body.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = Buffer.from(body);
        damaged[at]! ^= change;
        const message = carried({ ...rest, body: damaged });
        const parts = partsOf(message);
        const size = Buffer.concat(parts.map(({ content }) => content)).length;
        expect(size).toBe(parts[0] === message ? body.length : 3);
      }),
    );
    for (const text of [
      '',
      '\0\0\0',
      '\0\0\0\x02[]',
      '\0\0\0\x02{}',
      '\0\0\0\x04null',
      '\xff\xff\xff\xff[]',
    ]) {
      const message = carried({ ...rest, body: Buffer.from(text, 'latin1') });
      expect(partsOf(message)).toEqual([message]);
    }
  });

  describe('in hand', () => {
    const inHand = () => {
      const told: string[] = [];
      const message = carried(bundle([encoded('a'), encoded('b'), encoded('c')]));
      const ack = (): number => told.push('ack');
      const leave = (): number => told.push('leave');
      const parts = partsInHand({ queue: 'demo.count', message, ack, leave } as unknown as Incoming, {
        bundled: true,
      });
      return { told, parts };
    };

    it('is not believed where bundles are not expected', () => {
      const incoming = { message: carried(bundle([encoded('a'), encoded('b')])) } as Incoming;
      expect(partsInHand(incoming, { bundled: false })).toEqual([incoming]);
    });

    it('is acknowledged once, when each of its messages is', () => {
      const { told, parts } = inHand();
      const [first, second, third] = parts;
      for (const part of [third!, first!, first!]) part.ack();
      first!.leave();
      expect(told).toEqual([]);
      second!.ack();
      expect(told).toEqual(['ack']);
    });

    it('is left, when all are over and one of them was left', () => {
      const { told, parts } = inHand();
      const [first, second, third] = parts;
      second!.leave();
      first!.ack();
      second!.ack();
      expect(told).toEqual([]);
      third!.ack();
      expect(told).toEqual(['leave']);
    });
  });
});
