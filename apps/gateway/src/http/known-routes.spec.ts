import { KnownRoutes } from './known-routes.js';

describe('the verbs of a path', () => {
  const routes = new KnownRoutes();
  routes.add('GET', '/v1/tenants');
  routes.add(['GET', 'HEAD'], '/v1/tenants/:tenantId');
  routes.add('PUT', '/v1/tenants/:tenantId');

  routes.add(['GET', 'HEAD', 'DELETE'], '/v1/parked/:id');
  routes.add('POST', '/v1/parked/redrive');
  routes.add('GET', '/v1/tenants/:tenantId/events/:eventId');
  routes.add('POST', '/v1/tenants/:tenantId/events/batch');

  it.each([
    ['/v1/tenants/', []],
    ['/v1//tenants', []],
    ['/V1/tenants', []],
    ['/v1/ten%61nts', ['GET']],
    ['/v1/tenants/a%2Fb', ['GET', 'HEAD', 'PUT']],
    ['/v1/parked/redrive', ['POST']],
    ['/v1/parked/redrive?x=1', ['POST']],
    ['/v1/parked/prk_1', ['GET', 'HEAD', 'DELETE']],
    ['/v1/tenants/t/events/batch', ['GET', 'POST']],
    ['/v1/tenants', ['GET']],
    ['/v1/tenants?limit=1', ['GET']],
    ['/v1/tenants/acme', ['GET', 'HEAD', 'PUT']],
    ['/v1/tenants/acme/more', []],
    ['/v1/tenantsX', []],
    ['/', []],
  ])('%s: %j', (url, verbs) => {
    expect(routes.verbsOf(url)).toEqual(verbs);
  });

  it('name the address that one with too many slashes may mean', () => {
    expect(routes.withoutSlashes('/v1//tenants/acme/?x=1')).toBe('/v1/tenants/acme');
    expect(routes.withoutSlashes('/v1/tenants/acme')).toBeUndefined();
    expect(routes.withoutSlashes('/v1/nowhere/')).toBeUndefined();
  });

  it('are looked up where another route may have the exact address', () => {
    expect(routes.hasRival('/v1/parked/:id')).toBe(true);
    expect(routes.hasRival('/v1/tenants/:tenantId/events/:eventId')).toBe(false);
  });
});
