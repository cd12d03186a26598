export { EachIsNameServer, EgressConfig, egressPolicy } from './egress.config.js';
export { strictPolicy, type EgressPolicy } from './egress-policy.js';
export { Egress } from './egress.js';
export { judgeUrl, type UrlDenial } from './judge-url.js';
export type { Lookup } from './guarded-lookup.js';
export type { OutgoingPost, PostResult } from './post-result.js';
