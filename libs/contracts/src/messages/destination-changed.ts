import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  Min,
  ValidateNested,
} from 'class-validator';
import { Describe } from '../describe.js';
import { Raw } from '../requests/raw.js';
import { DestinationHeader, RetiringSecret } from './destination-details.js';
import type { DestinationFormat } from '../destination-format.js';

@Describe(
  'A destination was created, changed or deleted. Carries the whole of what others need, so that it can be kept as is.',
)
export class DestinationChanged {
  static readonly type = 'destination.changed.v1';
  static readonly encoding = 'json';

  @IsString() destinationId: string;
  @IsString() tenantId: string;
  @Describe('Grows with each change of this destination; an older one than what is known is ignored.')
  @IsInt()
  @Min(1)
  version: number;
  @Describe(
    'The version that last enabled it or gave it another URL: attempts by an older one say nothing about it as it is now.',
  )
  @IsInt()
  @Min(1)
  renewedVersion: number;
  @IsBoolean() deleted: boolean;
  @IsBoolean() enabled: boolean;
  @IsString() url: string;
  @IsArray() @IsString({ each: true }) eventTypes: string[];
  @Describe('Conditions on the event that were found to be readable; absent for none.')
  @IsOptional()
  @Raw()
  @IsObject()
  filter?: object;
  @Describe('`standard` where it is absent, or is one that the reader does not have.')
  @IsOptional()
  @IsString()
  format?: DestinationFormat;
  @IsInt() timeoutMs: number;
  @Describe("The waits before the 2nd, 3rd, … attempt, in milliseconds; the ledger's own where it is absent.")
  @IsOptional()
  @IsArray()
  @IsInt({ each: true })
  retryScheduleMs?: number[];
  @Describe('How many attempts may be under way at once, all dispatchers together.')
  @IsInt()
  @Min(1)
  maxConcurrency: number;
  @Describe(
    'How many attempts may begin in a second, all dispatchers together; without a limit where it is absent.',
  )
  @IsOptional()
  @IsNumber()
  ratePerSecond?: number;
  @Describe("The present signing secret, sealed with the master key and bound to the destination's id.")
  @IsArray()
  @IsString({ each: true })
  sealedSecrets: string[];
  @Describe('Those that sign too until their time is over, newest first, sealed likewise.')
  @IsOptional()
  @ValidateNested({ each: true })
  @Type(() => RetiringSecret)
  retiringSecrets?: RetiringSecret[];
  @IsOptional() @ValidateNested({ each: true }) @Type(() => DestinationHeader) headers?: DestinationHeader[];
}
