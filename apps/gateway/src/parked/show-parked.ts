import { isUtf8 } from 'node:buffer';
import {
  Describe,
  OrAbsent,
  OrNull,
  ParkedOrigin,
  type ParkedRecord,
  type ParkedSummary,
  publicTenantId,
} from '#libs/contracts';
import { IsObject, IsString } from 'class-validator';

@Describe('A message that Posthorn could not process.', { title: 'ParkedMessage' })
export class ShownParked extends ParkedOrigin {
  @Describe('Null when it is not text, or too large to be shown: then `bodyBytes` says how large.')
  @OrNull()
  @IsString()
  readonly body: string | null;
  @Describe('The same in base64, only when it is not text.')
  @OrAbsent()
  @IsString()
  readonly bodyBase64?: string;
}

@Describe('A message that Posthorn could not process, with its AMQP properties.', {
  title: 'ParkedMessageWithProperties',
})
export class ShownParkedRecord extends ShownParked {
  @IsObject() readonly properties: Record<string, unknown>;
}

export function showParked({ body, ...parked }: ParkedSummary): ShownParked {
  if (body === null) return { ...parked, body };
  const bytes = Buffer.from(body, 'base64');
  return isUtf8(bytes) ? { ...parked, body: bytes.toString() } : { ...parked, body: null, bodyBase64: body };
}

export function showParkedRecord({ properties, ...summary }: ParkedRecord): ShownParkedRecord {
  return { ...showParked(summary), properties: withPublicTenant(properties) };
}

/** The header of a message between services is the reference of the tenant. The body stays as it is put back. */
function withPublicTenant(properties: Record<string, unknown>): Record<string, unknown> {
  const { tenantId } = (properties['headers'] ?? {}) as { tenantId?: unknown };
  if (typeof tenantId !== 'string') return properties;
  return {
    ...properties,
    headers: { ...(properties['headers'] as object), tenantId: publicTenantId(tenantId) },
  };
}
