import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsIn,
  IsInt,
  IsOptional,
  Matches,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { findFaults } from './find-faults.js';

class Part {
  @IsInt() @Min(1) size: number;
}

class Whole {
  @MaxLength(5) @Matches(/^[a-z]+$/) name: string;
  @IsOptional() @Min(1) count?: unknown;
  @IsOptional() @ArrayMaxSize(3) @ArrayUnique() @IsIn(['a', 'b', 'c', 'd'], { each: true }) letters?: unknown;
  @IsOptional() @ValidateNested({ each: true }) @Type(() => Part) parts?: unknown;
  @IsOptional() @ValidateNested() @Type(() => Part) part?: unknown;
}

const faultsOf = (fields: object): [string, string][] =>
  findFaults(Object.assign(new Whole(), { name: 'x' }, fields)).map(({ path, message }) => [path, message]);

describe('findFaults', () => {
  it.each([
    [{ name: undefined }, 'name', 'name must be set'],
    [{ name: null }, 'name', 'name must be a string'],
    [{ name: 5 }, 'name', 'name must be a string'],
    [{ name: '1234567' }, 'name', 'name must match /^[a-z]+$/ regular expression'],
    [{ name: 'abcdefg' }, 'name', 'name must be shorter than or equal to 5 characters'],
    [{ count: '5' }, 'count', 'count must be a number'],
    [{ letters: 'a' }, 'letters', 'letters must be an array'],
    [{ letters: ['a', 'a', 'a', 'a'] }, 'letters', 'letters must contain no more than 3 elements'],
    [
      { letters: ['e', 'e'] },
      'letters',
      'each value in letters must be one of the following values: a, b, c, d',
    ],
    [{ letters: ['a', 'a'] }, 'letters', "All letters's elements must be unique"],
    [{ parts: {} }, 'parts', 'parts must be an array'],
    [{ parts: [5] }, 'parts', 'each value in parts must be an object'],
    [{ parts: [new Part()] }, 'parts[0].size', 'size must be set'],
    [{ part: [] }, 'part', 'part must be an object'],
    [{ part: Object.assign(new Part(), { size: 0 }) }, 'part.size', 'size must not be less than 1'],
  ])('tells the first fault of %j', (fields, path, message) => {
    expect(faultsOf(fields)).toEqual([[path, message]]);
  });

  it('takes what is right, and what may be absent', () => {
    expect(faultsOf({ letters: ['a'], parts: [Object.assign(new Part(), { size: 1 })] })).toEqual([]);
  });

  it('tells of unknown fields only if it is to, inside as well', () => {
    const part = Object.assign(new Part(), { size: 1, colour: 'red' });
    expect(faultsOf({ part, taste: 'sweet' })).toEqual([]);
    const whole = Object.assign(new Whole(), { name: 'x', part, taste: 'sweet' });
    expect(findFaults(whole, { forbidUnknown: true })).toEqual([
      { path: 'taste', message: 'taste is not a field here' },
      { path: 'part.colour', message: 'colour is not a field here' },
    ]);
  });

  it('ends with the twentieth', () => {
    expect(faultsOf({ parts: Array.from({ length: 100 }, () => new Part()) })).toHaveLength(20);
  });
});
