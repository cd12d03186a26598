import { changedFields } from './changed-fields.js';

describe('the changed fields of an object', () => {
  it('are those that differ, as they were and as they are', () => {
    const before = { url: 'a', eventTypes: ['#'], metadata: { team: 'a' }, gone: 1 };
    const after = { url: 'b', eventTypes: ['#'], metadata: { team: 'b' }, added: 2 };
    expect(changedFields(before, after)).toEqual({
      before: { url: 'a', metadata: { team: 'a' }, gone: 1 },
      after: { url: 'b', metadata: { team: 'b' }, added: 2 },
    });
  });

  it('are none where nothing differs', () => {
    expect(changedFields({ a: { b: 1 } }, { a: { b: 1 } })).toBeUndefined();
  });

  it('are all fields of an object that is new or deleted', () => {
    expect(changedFields(undefined, { a: 1 })).toEqual({ after: { a: 1 } });
    expect(changedFields({ a: 1 }, undefined)).toEqual({ before: { a: 1 } });
  });
});
