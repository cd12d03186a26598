import { KnownRoutes } from './known-routes.js';

describe('the verbs of a path', () => {
  const routes = new KnownRoutes();
  routes.add('GET', '/v1/tenants');
  routes.add(['GET', 'HEAD'], '/v1/tenants/:tenantId');
  routes.add('PUT', '/v1/tenants/:tenantId');

  it.each([
    ['/v1/tenants', ['GET']],
    ['/v1/tenants?limit=1', ['GET']],
    ['/v1/tenants/acme', ['GET', 'HEAD', 'PUT']],
    ['/v1/tenants/acme/more', []],
    ['/v1/tenantsX', []],
    ['/', []],
  ])('%s: %j', (url, verbs) => {
    expect(routes.verbsOf(url)).toEqual(verbs);
  });
});
