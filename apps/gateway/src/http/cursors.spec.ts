import { Secret } from '#libs/config';
import { Cursors } from './cursors.js';

const cursors = new Cursors({ POSTHORN_ROOT_KEY: new Secret('k') } as never);
const position = { at: '2026-01-01T00:00:00.123456Z', id: 'evt_1', direction: 'older' } as const;
const invalid = expect.objectContaining({ code: 'invalid_cursor' });

describe('a cursor', () => {
  it('leads back to its position', () => {
    expect(cursors.decode(cursors.encode(position, 'events'), 'events')).toEqual(position);
  });

  it('is refused when any of its characters is changed', () => {
    const cursor = cursors.encode(position, 'events');
    for (let at = 0; at < cursor.length; at++) {
      const other = cursor[at] === 'A' ? 'B' : 'A';
      expect(() => cursors.decode(cursor.slice(0, at) + other + cursor.slice(at + 1), 'events')).toThrow(
        invalid,
      );
    }
  });

  it('is refused by another list, or the same with another filter', () => {
    expect(() => cursors.decode(cursors.encode(position, 'events?type=a'), 'events?type=b')).toThrow(invalid);
  });

  it.each(['', 'x', '%', 'AAAA'])('is refused when it is %j', (text) => {
    expect(() => cursors.decode(text, 'events')).toThrow(invalid);
  });
});
