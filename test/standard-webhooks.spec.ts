import { readFile } from 'node:fs/promises';
import { Secret } from '#libs/config';
import { generateSecret, webhookHeaders } from '#libs/signing';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';

const body = Buffer.from('{"type":"a","timestamp":"t","data":"Ærø"}');
const nowS = (): number => Math.floor(Date.now() / 1000);
const signed = (secret: Secret, timestampS = nowS()) =>
  webhookHeaders({ id: 'evt_1', timestampS, body, secrets: [secret] });
const verify = (secret: Secret, headers: object): unknown =>
  new Webhook(secret.reveal()).verify(body.toString(), { ...headers });

describe('Standard Webhooks, by the judgement of its own library', () => {
  it('takes the time of the attempt in whole seconds', () => {
    const secret = generateSecret();
    const headers = signed(secret);
    expect(headers['webhook-timestamp']).toMatch(/^\d{10}$/);
    expect(verify(secret, headers)).toMatchObject({ data: 'Ærø' });
    expect(() => verify(secret, signed(secret, nowS() - 400))).toThrow(/too old/);
    expect(() => verify(secret, signed(secret, nowS() + 400))).toThrow(/too new/);
  });

  it('takes the secret of this destination only', () => {
    expect(() => verify(generateSecret(), signed(generateSecret()))).toThrow(/matching/);
  });

  it.each([24, 32, 64])('takes secrets of %i bytes', (bytes) => {
    const secret = new Secret(`whsec_${Buffer.alloc(bytes, 7).toString('base64')}`);
    expect(verify(secret, signed(secret))).toBeDefined();
  });

  it('passes over a signature of ed25519 beside its own', () => {
    const [secret, key] = [generateSecret(), generateSecret('ed25519')];
    const headers = webhookHeaders({ id: 'evt_1', timestampS: nowS(), body, secrets: [key, secret] });
    expect(verify(secret, headers)).toMatchObject({ type: 'a' });
  });
});

describe('the table of conformance', () => {
  it('names tests that there are', async () => {
    const table = await readFile('docs/standard-webhooks.md', 'utf8');
    const files = [...table.matchAll(/\]\((\.\.\/[^)]+\.spec\.ts)\)/g)].map(([, path = '']) => path);
    expect(files.length).toBeGreaterThan(20);
    expect(files.filter((path) => !existsSync(join('docs', path)))).toEqual([]);
  });
});
