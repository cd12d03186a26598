import { Problem } from '#libs/contracts';
import fc from 'fast-check';
import { fuzz } from './fuzz.js';
import { judge } from './judge.js';
import { target } from './target.js';

const parser = (run: (text: string) => unknown, check?: (answer: unknown) => string | undefined) =>
  target({
    name: 'a parser',
    input: fc.integer({ min: 0, max: 60_000 }),
    prepare: (times) => {
      const text = 'a'.repeat(times);
      return { bytes: times, run: () => run(text), ...(check && { check }) };
    },
  });
const refuse = (errors: number): never => {
  throw new Problem(
    'validation_failed',
    'Wrong.',
    Array.from({ length: errors }, () => ({ path: 'a'.repeat(500), message: 'is wrong' })),
  );
};

describe('the judge of a parser', () => {
  it('has nothing against work and answers in proportion to the input', async () => {
    expect(
      await judge(
        parser((text) => [...text].length),
        60_000,
      ),
    ).toBeUndefined();
    expect(
      await judge(
        parser(() => refuse(20)),
        100,
      ),
    ).toBeUndefined();
  });

  it('finds an error that is not documented', async () => {
    const broken = parser(() => {
      throw new RangeError('Maximum call stack size exceeded');
    });
    expect(await judge(broken, 1)).toContain('threw RangeError');
  });

  it('finds an answer that is too large', async () => {
    expect(
      await judge(
        // A problem is bounded by itself.
        parser(() => 'x'.repeat(70_000)),
        100,
      ),
    ).toMatch(/^answered \d+ bytes to 100/);
  });

  it('finds time that grows with the square of the input', async () => {
    const square = parser((text) => {
      let count = 0;
      for (const _ of text) for (let at = 0; at < text.length; at++) count++;
      return count;
    });
    expect(await judge(square, 60_000)).toMatch(/^used \d+ ms of processor for 60000 bytes/);
  });

  it('finds what a check of the answer finds', async () => {
    expect(
      await judge(
        parser(
          () => 1,
          () => 'took too much',
        ),
        1,
      ),
    ).toBe('took too much');
  });
});

describe('fuzzing', () => {
  it('gives the smallest input that fails, and how to have it again', async () => {
    const small = parser((text) => {
      if (text.length >= 1000) throw new Error('too long');
    });
    const { finding } = await fuzz(small, { seed: 1 });
    expect(finding).toMatchObject({ target: 'a parser', input: '1000', seed: 1 });
    const { finding: again } = await fuzz(small, { seed: 1, path: finding!.path });
    expect(again?.input).toBe('1000');
  });
});
