import type { Secret } from '#libs/config';
import { InvalidSecretError } from './invalid-secret.error.js';
import { parseSecret } from './parse-secret.js';

interface Webhook {
  id: string;
  timestampS: number;
  body: Buffer;
}

export interface WebhookHeaders {
  'webhook-id': string;
  'webhook-timestamp': string;
  'webhook-signature': string;
}

/**
 * The three headers of Standard Webhooks. While a secret is being rotated both sign, newest first, and a receiver
 * accepts the webhook when any signature is right.
 */
export function webhookHeaders(webhook: Webhook & { secrets: readonly Secret[] }): WebhookHeaders {
  return {
    'webhook-id': webhook.id,
    'webhook-timestamp': String(webhook.timestampS),
    'webhook-signature': webhook.secrets.map((secret) => signWebhook({ ...webhook, secret })).join(' '),
  };
}

/**
 * Over `id.timestamp.body`, the body as raw bytes: the reference library turns bytes that are not UTF-8 into others.
 * @throws InvalidSecretError
 */
export function signWebhook({ secret, id, timestampS, body }: Webhook & { secret: Secret }): string {
  const key = parseSecret(secret);
  if (key === undefined) throw new InvalidSecretError();
  return key.sign(`${id}.${timestampS}.`, body);
}
