/** What an API key may do. `admin` implies all the others, and is the operator's. */
export const apiScopes = [
  'events:write',
  'events:read',
  'destinations:write',
  'destinations:read',
  'secrets:read',
  'admin',
] as const;

export type ApiScope = (typeof apiScopes)[number];
