import { counter } from '#libs/observability';

const reasons = ['missing', 'malformed', 'unknown', 'expired', 'revoked', 'scope', 'tenant'] as const;
export type AuthFailure = (typeof reasons)[number];

const failures = counter(
  {
    name: 'posthorn_auth_failures_total',
    help: 'Requests refused for their API key. missing: none was sent; malformed: not a whole key; unknown, expired, revoked: not a valid key; scope: the key lacks the scope, or is bound to a tenant where the operator is asked for; tenant: the key is bound to another tenant.',
    labels: ['reason'],
  },
  reasons.map((reason) => ({ reason })),
);

export function countAuthFailure(reason: AuthFailure): void {
  failures.inc({ reason });
}
