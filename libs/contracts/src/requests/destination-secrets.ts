import { Type } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { Describe, OrAbsent } from '../describe.js';
import { Asking } from '../messages/message.js';
import { secretKeywords, type Signing, signings } from '../signing.js';
import { Actor, FromActor } from './actor.js';
import { OfDestination } from './of-tenant.js';

/** What a receiver checks signatures with: a secret that it shares with Posthorn, or a public key. */
class VerificationKey {
  @IsIn(signings) signing: Signing;
  @Describe('Of `hmac-sha256`.', { examples: ['whsec_…'] }) @OrAbsent() @IsString() secret?: string;
  @Describe('Of `ed25519`; the private one is shown to nobody.', { examples: ['whpk_…'] })
  @OrAbsent()
  @IsString()
  publicKey?: string;
}

export class PreviousKey extends VerificationKey {
  @Describe('Until then it signs too.') @IsISO8601() validUntil: string;
}

@Describe('What a receiver checks signatures with.')
export class DestinationSecret extends VerificationKey {
  @Describe('Those that still sign beside the present one, newest first.')
  @ValidateNested({ each: true })
  @Type(() => PreviousKey)
  previous: PreviousKey[];
}

/** How long the secret before signs along, unless the caller says otherwise. */
export const defaultOverlapSeconds = 86_400;

@Describe('How a new secret takes over.', { examples: [{ overlapSeconds: 3600 }] })
export class SecretRotation {
  @Describe(
    `How long the present secret signs beside the new one; when it is over, only the new one signs. Default: ${defaultOverlapSeconds}.`,
  )
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(604_800)
  overlapSeconds?: number | null;
  @Describe("One of the caller's own; made by Posthorn if there is none.", secretKeywords)
  @OrAbsent()
  @IsString()
  @MaxLength(200)
  secret?: string;
}

@Describe('What is confidential crosses the broker sealed: this is where to write to the registry.')
export class GetLetterbox extends Asking<{ address: string }> {
  static readonly type = 'registry.get-letterbox.v1';
  static readonly encoding = 'json';
}

/** A `DestinationSecret` as JSON, sealed for the letterbox of whoever asked. */
export interface SealedReply {
  sealed: string;
}

export class GetDestinationSecret extends OfDestination<SealedReply> {
  static readonly type = 'registry.get-destination-secret.v1';
  static readonly encoding = 'json';

  @Describe('The letterbox that the answer is sealed for.')
  @IsString()
  replyAddress: string;
  @FromActor() actor?: Actor;
}

export class RotateDestinationSecret extends OfDestination<SealedReply> {
  static readonly type = 'registry.rotate-destination-secret.v1';
  static readonly encoding = 'json';

  @Describe('Made by whoever asks: a request that is handled twice rotates once.')
  @IsString()
  rotationId: string;
  @IsInt() @Min(0) @Max(604_800) overlapSeconds: number;
  @Describe('`{ "secret" }` as JSON, sealed for the registry\'s letterbox.')
  @IsOptional()
  @IsString()
  sealed?: string;
  @IsString() replyAddress: string;
  @FromActor() actor?: Actor;
}
