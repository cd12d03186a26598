import { Describe, OrAbsent, OrNull } from '#libs/contracts';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsIP,
  IsISO8601,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { Schemas } from './schemas.js';

class Stamp {
  @IsInt() @Min(1) cents: number;
}

class Letter {
  @IsString() @MaxLength(10) to: string;
  @Describe('For the postman.') @IsOptional() @IsIn(['soon', 'later']) urgency?: 'soon' | 'later' | null;
  @OrNull() @IsISO8601() sentAt: string | null;
  @OrAbsent() @Matches(/^[a-z]+$/, { each: true }) @ArrayMaxSize(3) @IsArray() words?: string[];
}

@Describe('A letter that costs something.', { title: 'StampedLetter' })
class LetterWithStamps extends Letter {
  @ValidateNested({ each: true }) @Type(() => Stamp) @IsArray() stamps: Stamp[];
  @OrNull() @ValidateNested() @Type(() => Stamp) extra: Stamp | null;
}

describe('the schema of a class', () => {
  it('says what its validators check', () => {
    expect(new Schemas().schemaOf(Letter)).toEqual({
      type: 'object',
      required: ['to', 'sentAt'],
      properties: {
        to: { type: 'string', maxLength: 10 },
        urgency: { description: 'For the postman.', type: ['string', 'null'], enum: ['soon', 'later', null] },
        sentAt: { type: ['string', 'null'], format: 'date-time' },
        words: { type: 'array', maxItems: 3, items: { type: 'string', pattern: '^[a-z]+$' } },
      },
    });
  });

  it('begins with inherited fields, and refers to other classes', () => {
    const schemas = new Schemas();
    expect(schemas.refTo(LetterWithStamps)).toEqual({ $ref: '#/components/schemas/StampedLetter' });
    expect(schemas.components['StampedLetter']).toMatchObject({
      description: 'A letter that costs something.',
      required: ['to', 'sentAt', 'stamps', 'extra'],
      properties: {
        stamps: { type: 'array', items: { $ref: '#/components/schemas/Stamp' } },
        extra: { anyOf: [{ $ref: '#/components/schemas/Stamp' }, { type: 'null' }] },
      },
    });
    expect(schemas.components['Stamp']).toMatchObject({
      properties: { cents: { type: 'integer', minimum: 1 } },
    });
  });

  it('allows what is read no other fields, and what is answered more of them later', () => {
    const schemas = new Schemas();
    schemas.refTo(Stamp);
    expect(schemas.components['Stamp']).not.toHaveProperty('additionalProperties');
    schemas.refToInput(Stamp);
    expect(schemas.components['Stamp']).toMatchObject({ additionalProperties: false });
  });

  it('is not made up where a validator has no counterpart', () => {
    class Host {
      @IsIP() address: string;
    }
    expect(() => new Schemas().schemaOf(Host)).toThrow('@isIp of Host.address has no counterpart');
  });

  it('is one for each name', () => {
    @Describe('Another.', { title: 'StampedLetter' })
    class Other {}
    const schemas = new Schemas();
    schemas.refTo(LetterWithStamps);
    expect(() => schemas.refTo(Other)).toThrow('"StampedLetter"');
  });
});
