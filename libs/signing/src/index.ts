export { generateSecret } from './generate-secret.js';
export { InvalidSecretError } from './invalid-secret.error.js';
export { parseSecret } from './parse-secret.js';
export { type Signing, signings } from './signing.js';
export { signWebhook, webhookHeaders } from './webhook-headers.js';
