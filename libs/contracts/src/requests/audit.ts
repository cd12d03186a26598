import { Type } from 'class-transformer';
import { IsIn, IsISO8601, IsObject, IsOptional, IsString, ValidateNested } from 'class-validator';
import { Describe, OrNull } from '../describe.js';
import { Asking } from '../messages/message.js';
import { IsMoment } from './is-moment.js';
import { type Page, PageRequest } from './page.js';
import { Raw } from './raw.js';

const auditResults = ['success', 'refused'] as const;
export type AuditResult = (typeof auditResults)[number];

@Describe('What a change was made to.')
export class AuditObject {
  @Describe('The kind of object.', { examples: ['destination'] }) @IsString() type: string;
  @IsString() id: string;
}

@Describe('One change, reveal of a secret, or refused attempt.')
export class AuditRecord {
  @Describe('Begins with `aud_` and sorts by time.') @IsString() id: string;
  @IsISO8601() at: string;
  @Describe('The id of the API key; `root` for the root key; `posthorn` for Posthorn itself.')
  @IsString()
  actor: string;
  @Describe('The kind of object and what was done.', { examples: ['destination.updated'] })
  @IsString()
  action: string;
  @ValidateNested() @Type(() => AuditObject) object: AuditObject;
  @Describe('The tenant that the object belongs to; null for objects of the operator.')
  @OrNull()
  @IsString()
  tenantId: string | null;
  @Describe('The changed fields as they were; null for a new object. Secrets and header values are `***`.')
  @OrNull()
  @Raw()
  @IsObject()
  before: object | null;
  @Describe('The changed fields as they are since; null for a deleted object.')
  @OrNull()
  @Raw()
  @IsObject()
  after: object | null;
  @Describe('The address that the HTTP connection came from; null for Posthorn itself.')
  @OrNull()
  @IsString()
  address: string | null;
  @Describe('The `requestId` of the HTTP request; null for Posthorn itself.')
  @OrNull()
  @IsString()
  requestId: string | null;
  @IsIn(auditResults) result: AuditResult;
}

export class AuditFilter {
  @Describe('Only objects of this tenant.') @IsOptional() @IsString() tenantId?: string;
  @Describe('Only by this API key, `root` or `posthorn`.') @IsOptional() @IsString() actor?: string;
  @Describe('Only this action, such as `destination.updated`.') @IsOptional() @IsString() action?: string;
  @Describe('Only the object with this id.') @IsOptional() @IsString() objectId?: string;
  @Describe('Only on this day or at this time, or later.') @IsOptional() @IsMoment() after?: string;
  @Describe('Only before this day or time.') @IsOptional() @IsMoment() before?: string;
}

abstract class ListAudit extends Asking<Page<AuditRecord>> {
  @ValidateNested() @Type(() => AuditFilter) filter: AuditFilter;
  @ValidateNested() @Type(() => PageRequest) page: PageRequest;
}

@Describe('A page of the audit records that the registry wrote.')
export class ListRegistryAudit extends ListAudit {
  static readonly type = 'registry.list-audit.v1';
  static readonly encoding = 'json';
}

@Describe('A page of the audit records that the ledger wrote.')
export class ListLedgerAudit extends ListAudit {
  static readonly type = 'ledger.list-audit.v1';
  static readonly encoding = 'json';
}
