import { setImmediate as nextTurn } from 'node:timers/promises';
import { together } from './together.js';

describe('together', () => {
  it('looks up once for all who ask in one turn', async () => {
    const lookUps: (readonly number[])[] = [];
    const ask = together(async (questions: readonly number[]) => {
      lookUps.push(questions);
      return (question) => question * 2;
    });

    const first = Promise.all([ask(1), ask(2), ask(1)]);
    await nextTurn();
    const later = ask(3);

    expect(await first).toEqual([2, 4, 2]);
    expect(await later).toBe(6);
    expect(lookUps).toEqual([[1, 2, 1], [3]]);
  });

  it('answers in the order of the questions', async () => {
    const ask = together(async () => {
      let count = 0;
      return (): number => ++count;
    });

    expect(await Promise.all([ask('a'), ask('b'), ask('c')])).toEqual([1, 2, 3]);
  });

  it('fails for all who asked, and looks up again for the next', async () => {
    let isAway = true;
    const ask = together(async (_: readonly string[]) => {
      if (isAway) throw new Error('away');
      return (question) => question;
    });

    const both = await Promise.allSettled([ask('a'), ask('b')]);
    isAway = false;

    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await ask('c')).toBe('c');
  });
});
