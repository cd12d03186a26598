import { sql } from '#libs/persistence';

/**
 * Orders the acceptances of one event: the one that counts comes first. Of those that were routed, in case the router
 * had forgotten the id, it is the last one; while none is, the first one, as later ones become repeats of it.
 */
export const countingFirst = sql`
  routing = 'routed' desc, case when routing = 'routed' then accepted_at end desc, accepted_at`;
