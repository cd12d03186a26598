import { parseArming } from './parse-arming.js';

describe('POSTHORN_FAILPOINT', () => {
  it('arms a point by chance or by the age of the process', () => {
    expect(parseArming('router.after-publish:kill:0.01')).toEqual({
      name: 'router.after-publish',
      probability: 0.01,
    });
    expect(parseArming('ledger.read:kill:5s\n')).toEqual({ name: 'ledger.read', afterMs: 5000 });
  });

  it('arms nothing when it is empty', () => {
    expect(parseArming('')).toBeUndefined();
  });

  it.each([
    'router.nowhere:kill:1',
    'ledger.read:sleep:1',
    'ledger.read:kill:2',
    'ledger.read:kill',
    'ledger.read',
  ])('refuses %s', (text) => {
    expect(() => parseArming(text)).toThrow();
  });
});
