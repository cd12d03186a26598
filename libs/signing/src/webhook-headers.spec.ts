import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { Secret } from '#libs/config';
import { generateSecret, InvalidSecretError, parseSecret, signWebhook, webhookHeaders } from './index.js';

const vector = {
  secret: new Secret('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'),
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  timestampS: 1614265330,
  body: Buffer.from('{"test": 2432232314}'),
};
const now = () => Math.floor(Date.now() / 1000);

describe('signing a webhook', () => {
  it('gives the signature that Standard Webhooks publishes for its example', () => {
    expect(signWebhook(vector)).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it.each([
    ['JSON', '{"type":"invoice.paid","data":{"amount":1.0,"big":9007199254740993}}'],
    ['text beyond ASCII', '{"name":"Ærøskøbing 🐌"}'],
    ['an escaped NUL', '{"x":"\\u0000"}'],
    ['one byte', '1'],
    ['nothing', ''],
    ['256 KiB', JSON.stringify('x'.repeat(262_144))],
  ])('is accepted by an independent verifier: %s', (_name, text) => {
    const secret = generateSecret();
    const body = Buffer.from(text);
    const headers = webhookHeaders({ id: 'evt_1', timestampS: now(), body, secrets: [secret] });
    expect(() => new Webhook(secret.reveal()).verify(body, { ...headers })).not.toThrow();
  });

  it('signs bytes that are not UTF-8 as they are', () => {
    const body = Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x0d, 0x0a, 0xc3]);
    const secret = new Secret(`whsec_${Buffer.alloc(32, 7).toString('base64')}`);
    const content = Buffer.concat([Buffer.from('evt_1.1700000000.'), body]);
    const expected = createHmac('sha256', Buffer.alloc(32, 7)).update(content).digest('base64');
    expect(signWebhook({ secret, id: 'evt_1', timestampS: 1_700_000_000, body })).toBe(`v1,${expected}`);
  });

  it('lets a receiver with the old secret and one with the new verify the same webhook during rotation', () => {
    const [next, previous] = [generateSecret(), generateSecret()];
    const body = Buffer.from('{}');
    const headers = webhookHeaders({ id: 'evt_1', timestampS: now(), body, secrets: [next, previous] });
    expect(headers['webhook-signature'].split(' ')).toHaveLength(2);
    expect(() => new Webhook(next.reveal()).verify(body, { ...headers })).not.toThrow();
    expect(() => new Webhook(previous.reveal()).verify(body, { ...headers })).not.toThrow();
    expect(() => new Webhook(generateSecret().reveal()).verify(body, { ...headers })).toThrow(
      /matching signature/,
    );
  });

  it('refuses to sign with a secret it cannot read, without printing it', () => {
    const sign = () => signWebhook({ ...vector, secret: new Secret('whsec_hunter2') });
    expect(sign).toThrow(InvalidSecretError);
    expect(sign).not.toThrow(/hunter2/);
  });
});

describe('a signing secret', () => {
  const withBytes = (count: number) => new Secret(`whsec_${Buffer.alloc(count, 1).toString('base64')}`);

  it('is made of 32 random bytes and is never the same', () => {
    const [one, other] = [generateSecret().reveal(), generateSecret().reveal()];
    expect(one).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(one).not.toBe(other);
  });

  it.each([24, 32, 64])('may have %i bytes', (count) => {
    expect(parseSecret(withBytes(count))).toBeDefined();
  });

  it.each([
    ['23 bytes', withBytes(23)],
    ['65 bytes', withBytes(65)],
    ['no bytes', new Secret('whsec_')],
    ['no prefix', new Secret(Buffer.alloc(32, 1).toString('base64'))],
    ['another prefix', new Secret(`sk_${Buffer.alloc(32, 1).toString('base64')}`)],
    ['characters that are not base64', new Secret(`whsec_${'*'.repeat(40)}`)],
    ['a line break', new Secret(`${withBytes(32).reveal()}\n`)],
  ])('may not have %s', (_name, secret) => {
    expect(parseSecret(secret)).toBeUndefined();
  });
});
