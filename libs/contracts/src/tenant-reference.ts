/** A character that no public id of a tenant has. */
const separator = '~';

/**
 * What all services behind the gateway know a tenant by. Deleting a tenant and creating one under the same public id
 * gives another generation: the first one has the public id as its reference, a later one `<id>~<generation>`. Whatever
 * is stored, cached or hashed by the reference is never shared by two generations.
 */
export function tenantReference(tenantId: string, generation: number): string {
  return generation === 1 ? tenantId : `${tenantId}${separator}${generation}`;
}

/** The id that answers, webhooks, operational events, logs and traces show. */
export function publicTenantId(reference: string): string {
  const end = reference.indexOf(separator);
  return end === -1 ? reference : reference.slice(0, end);
}

export function tenantGeneration(reference: string): number {
  const end = reference.indexOf(separator);
  return end === -1 ? 1 : Number(reference.slice(end + 1));
}
