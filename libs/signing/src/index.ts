export { generateSecret } from './generate-secret.js';
export { InvalidSecretError } from './invalid-secret.error.js';
export { parseSecret } from './parse-secret.js';
export { signWebhook, webhookHeaders } from './webhook-headers.js';
