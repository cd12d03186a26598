/** How webhooks are signed: with a secret that both sides know, or with a key of which the receiver has the public half. */
export const signings = ['hmac-sha256', 'ed25519'] as const;
export type Signing = (typeof signings)[number];

/** A signing secret as a caller brings it: base64 behind a prefix that states the kind. What is inside is checked later. */
export const secretKeywords = { pattern: '^wh(sec|sk)_[A-Za-z0-9+/]+={0,2}$' };
