/** How webhooks are signed: with a secret that both sides know, or with a key of which the receiver has the public half. */
export const signings = ['hmac-sha256', 'ed25519'] as const;
export type Signing = (typeof signings)[number];
