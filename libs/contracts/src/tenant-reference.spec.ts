import { tenantIdSyntax } from './event-type.js';
import { publicTenantId, tenantGeneration, tenantReference } from './tenant-reference.js';

describe("a tenant's reference", () => {
  it('is the public id in the first generation, and no public id in a later one', () => {
    expect(tenantReference('acme', 1)).toBe('acme');
    expect(tenantIdSyntax.test(tenantReference('acme', 2))).toBe(false);
  });

  it.each([1, 2, 10, 4711])('has the public id and the generation in it: %d', (generation) => {
    const reference = tenantReference('a-b_c', generation);
    expect([publicTenantId(reference), tenantGeneration(reference)]).toEqual(['a-b_c', generation]);
  });
});
