import { hottest } from './hottest.js';

const node = (id: number, functionName: string, url: string) => ({
  id,
  callFrame: { functionName, url, lineNumber: 9 },
});

describe('hottest', () => {
  it('adds up the time of each function, and leaves out the time in which nothing was done', () => {
    const profile = {
      nodes: [
        node(1, '(idle)', ''),
        node(2, 'sign', 'file:///a/dist/libs/signing/src/sign.js'),
        node(3, 'encode', 'file:///a/node_modules/amqplib/lib/codec.js'),
        node(4, 'sign', 'file:///a/dist/libs/signing/src/sign.js'),
      ],
      samples: [1, 2, 3, 4],
      timeDeltas: [1000, 30, 20, 50],
    };
    expect(hottest(profile, 5)).toEqual([
      { name: 'sign libs/signing/src/sign.js:10', share: 0.8 },
      { name: 'encode amqplib/lib/codec.js:10', share: 0.2 },
    ]);
  });

  it('does not count the time in which other processes had the machine', () => {
    const nodes = [node(1, 'one', ''), node(2, 'other', '')];
    expect(hottest({ nodes, samples: [1, 2], timeDeltas: [3000, 500_000] }, 5)).toEqual([
      { name: 'one', share: 0.5 },
      { name: 'other', share: 0.5 },
    ]);
  });
});
