import { backAtOnce } from './trials/back-at-once.js';
import { changedWhilePending } from './trials/changed-while-pending.js';
import { deadDestinations } from './trials/dead-destinations.js';
import { fanOut } from './trials/fan-out.js';
import { hostileTenants } from './trials/hostile-tenant.js';
import { noisyTenant } from './trials/noisy-tenant.js';
import type { Trial } from './trials/trial.js';

/** The situations that are part of the whole matrix. */
export const trials: readonly Trial[] = [
  noisyTenant,
  fanOut,
  changedWhilePending,
  backAtOnce,
  deadDestinations,
  ...hostileTenants,
];
