import { IsArray, IsBoolean, IsInt, IsString, Min } from 'class-validator';

/** A destination was created, changed or deleted. Carries the whole of what others need, so that it can be kept as is. */
export class DestinationChanged {
  static readonly type = 'destination.changed.v1';
  static readonly encoding = 'json';

  @IsString() destinationId: string;
  @IsString() tenantId: string;
  /** Grows with each change of this destination; an older one than what is known is ignored. */
  @IsInt() @Min(1) version: number;
  /**
   * The version that last enabled it or gave it another URL: attempts by an older one say nothing about it as it is now.
   */
  @IsInt() @Min(1) renewedVersion: number;
  @IsBoolean() deleted: boolean;
  @IsBoolean() enabled: boolean;
  @IsString() url: string;
  @IsArray() @IsString({ each: true }) eventTypes: string[];
  @IsInt() timeoutMs: number;
  /** Signing secrets, newest first, each sealed with the master key and bound to the destination's id. */
  @IsArray() @IsString({ each: true }) sealedSecrets: string[];
}
