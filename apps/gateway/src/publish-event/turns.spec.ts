import { Turns } from './turns.js';

describe('turns', () => {
  it('of all long pieces of work come one by one, with the event loop between them', async () => {
    let iteration = 0;
    let counting = setImmediate(function count() {
      iteration++;
      counting = setImmediate(count);
    });
    const order: string[] = [];
    const iterations: number[] = [];
    const work = async (name: string): Promise<void> => {
      const turns = new Turns();
      for (let piece = 0; piece < 3; piece++) {
        await turns.next();
        order.push(name);
        iterations.push(iteration);
      }
    };
    await Promise.all(['a', 'b', 'c'].map(work));
    clearImmediate(counting);
    expect(order.join('')).toBe('abcabcabc');
    expect(new Set(iterations).size).toBe(9);
  });

  it('go on at once while a turn is not over', async () => {
    let isLater = false;
    setImmediate(() => (isLater = true));
    await new Turns().pause();
    expect(isLater).toBe(false);
  });
});
