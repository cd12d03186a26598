import { Type } from 'class-transformer';
import { instanceOf } from './instance-of.js';

class Stamp {
  country: string;
}

class Letter {
  to = 'nobody';
  notes: object;
  @Type(() => Stamp) stamps: Stamp[];
  @Type(() => Stamp) first: Stamp | null;
}

class Parcel extends Letter {}

describe('instanceOf', () => {
  it('makes instances where a class is named, in lists too, and keeps defaults', () => {
    const letter = instanceOf(Parcel, { stamps: [{ country: 'AT' }], first: null });
    expect(letter).toBeInstanceOf(Parcel);
    expect(letter.stamps[0]).toBeInstanceOf(Stamp);
    expect(letter).toMatchObject({ to: 'nobody', stamps: [{ country: 'AT' }], first: null });
  });

  it('takes other objects as they are, whatever their members are called', () => {
    const notes = { constructor: 'a firm', deep: [{ constructor: null }], hasOwnProperty: 1 };
    expect(instanceOf(Letter, { notes }).notes).toBe(notes);
  });

  it('does not let itself be told what it is', () => {
    const letter = instanceOf(
      Letter,
      JSON.parse('{"constructor": "x", "__proto__": {"to": "me"}}') as object,
    );
    expect(letter.constructor).toBe(Letter);
    expect(letter.to).toBe('nobody');
  });

  it('leaves a value that is not of the class for the validation to find', () => {
    expect(instanceOf(Letter, { stamps: 'none', first: [7] })).toMatchObject({ stamps: 'none', first: [7] });
  });
});
