import { Type } from 'class-transformer';
import { IsArray, IsIn, IsISO8601, IsObject, IsOptional, IsString, ValidateNested } from 'class-validator';
import { Describe, OrNull } from '../describe.js';
import { Asking } from '../messages/message.js';
import { Actor, FromActor } from './actor.js';
import { OfEvent } from './of-tenant.js';
import { type Page, PageRequest } from './page.js';

const erasureStates = ['running', 'done'] as const;

@Describe('What one service has removed.')
export class ErasureOfService {
  @Describe('The service.', { examples: ['ledger'] }) @IsString() name: string;
  @IsIn(erasureStates) state: (typeof erasureStates)[number];
  @Describe('How many rows of each kind so far.', {
    examples: [{ events: 3, payloads: 3 }],
    additionalProperties: { type: 'integer' },
  })
  @IsObject()
  removed: Record<string, number>;
  @OrNull() @IsISO8601() finishedAt: string | null;
}

@Describe('The erasure of a deleted tenant, and its receipt. It holds no personal data beside ids.')
export class Erasure {
  @IsString() id: string;
  @Describe('The id that the tenant had. Another tenant may have it now.') @IsString() tenantId: string;
  @IsIn(erasureStates) state: (typeof erasureStates)[number];
  @Describe('When the tenant was deleted.') @IsISO8601() requestedAt: string;
  @Describe('When the last service had finished; null while it runs.')
  @OrNull()
  @IsISO8601()
  finishedAt: string | null;
  @IsArray() @ValidateNested({ each: true }) @Type(() => ErasureOfService) services: ErasureOfService[];
}

export class ErasureFilter {
  @Describe('Only of tenants that had this id.') @IsOptional() @IsString() tenantId?: string;
}

export class GetErasure extends Asking<Erasure> {
  static readonly type = 'registry.get-erasure.v1';
  static readonly encoding = 'json';

  @IsString() erasureId: string;
}

export class ListErasures extends Asking<Page<Erasure>> {
  static readonly type = 'registry.list-erasures.v1';
  static readonly encoding = 'json';

  @ValidateNested() @Type(() => ErasureFilter) filter: ErasureFilter;
  @ValidateNested() @Type(() => PageRequest) page: PageRequest;
}

@Describe('Removes the payload of one event, and the answers of its attempts. The history of it stays.')
export class ErasePayload extends OfEvent<null> {
  static readonly type = 'ledger.erase-payload.v1';
  static readonly encoding = 'json';

  @FromActor() actor?: Actor;
}
