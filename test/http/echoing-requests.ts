/** A request of which a careless answer repeats more than it was sent. */
export interface EchoingRequest {
  readonly what: string;
  readonly method: string;
  readonly path: string;
  readonly body?: string;
}

const nul = String.raw`"\u0000"`;
const control = String.raw`\u0001`;
const long = 'n'.repeat(100_000);

/** `count` items, made by their index. */
function many(count: number, item: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => item(index)).join(',');
}

function nested(levels: number, inside: string): string {
  return `${'{"a":'.repeat(levels)}${inside}${'}'.repeat(levels)}`;
}

/** Of the tenant `t`. */
export const echoingRequests: readonly EchoingRequest[] = [
  {
    what: 'a long name over 3,000 NULs',
    method: 'POST',
    path: '/tenants/t/replays',
    body: `{"x":{"${long}":[${many(3000, () => nul)}]}}`,
  },
  {
    what: '14,400 NULs below a name of 130 kB',
    method: 'POST',
    path: '/api-keys',
    body: `{"${'n'.repeat(130_000)}":[${many(14_400, () => nul)}]}`,
  },
  {
    what: '20,000 NULs 60 levels deep',
    method: 'POST',
    path: '/tenants/t/replays',
    body: nested(60, `[${many(20_000, () => nul)}]`),
  },
  {
    what: '90 unknown names of 2 kB',
    method: 'PUT',
    path: '/tenants/t',
    body: `{${many(90, (index) => `"${'u'.repeat(2000)}${index}":1`)}}`,
  },
  {
    what: '15,000 names of metadata with NULs',
    method: 'PUT',
    path: '/tenants/t',
    body: `{"metadata":{${many(15_000, (index) => String.raw`"\u0000${index}":"x"`)}}}`,
  },
  {
    what: '20 faults of a filter below a long name',
    method: 'POST',
    path: '/tenants/t/destinations',
    body: `{"url":"http://127.0.0.1:9/","filter":{"data":{"${'f'.repeat(22_000)}":[${many(40, () => '{"no":1}')}]}}}`,
  },
  {
    what: '200 headers that are none',
    method: 'POST',
    path: '/tenants/t/destinations',
    body: `{"url":"http://127.0.0.1:9/","headers":{${many(200, (index) => `"${control.repeat(100)}${index}":5`)}}}`,
  },
  {
    what: '1,500 parameters',
    method: 'GET',
    path: `/tenants/t/events?${many(1500, (index) => `p${index}=1`).replaceAll(',', '&')}`,
  },
  {
    what: 'a schema with many faults',
    method: 'PUT',
    path: '/event-types/echo.schema',
    body: `{"schema":{"properties":{${many(60, (index) => `"${'s'.repeat(500)}${index}":{"type":"no"}`)}}}}`,
  },
  {
    what: 'a batch of 1,000 with 99 unknown names each',
    method: 'POST',
    path: '/tenants/t/events/batch',
    body: `[${many(1000, () => `{${many(99, (index) => `"${index}":1`)}}`)}]`,
  },
  {
    what: 'a batch of 1,000 numbers',
    method: 'POST',
    path: '/tenants/t/events/batch',
    body: `[${many(1000, () => '1')}]`,
  },
  {
    what: 'a batch of 1,000 empty objects',
    method: 'POST',
    path: '/tenants/t/events/batch',
    body: `[${many(1000, () => '{}')}]`,
  },
  {
    what: 'a batch of 1,000 that is accepted',
    method: 'POST',
    path: '/tenants/t/events/batch',
    body: `[${many(1000, () => '{"type":"a","data":1}')}]`,
  },
  {
    what: 'an event with 99 unknown names of control characters',
    method: 'POST',
    path: '/tenants/t/events',
    body: `{${many(99, (index) => `"${control.repeat(300)}${index}":1`)}}`,
  },
  {
    what: '38,000 different ids',
    method: 'POST',
    path: '/tenants/t/events/evt_no/replay',
    body: `{"destinationIds":[${many(38_000, (index) => `"${index}"`)}]}`,
  },
];
