import { parseArming } from './parse-arming.js';

describe('POSTHORN_FAILPOINT', () => {
  it('arms a point by chance or by how long the process has been at work', () => {
    expect(parseArming('router.after-publish:kill:0.01')).toEqual({
      name: 'router.after-publish',
      probability: 0.01,
    });
    expect(parseArming('ledger.read:kill:5s\n')).toEqual({ name: 'ledger.read', afterMs: 5000 });
  });

  it('sets the clock of a service wrong', () => {
    expect(parseArming('ledger:ahead:1d')).toEqual({ service: 'ledger', aheadMs: 86_400_000 });
    expect(parseArming('router:behind:1h')).toEqual({ service: 'router', aheadMs: -3_600_000 });
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
    'nobody:ahead:1d',
    'ledger:ahead:soon',
  ])('refuses %s', (text) => {
    expect(() => parseArming(text)).toThrow();
  });
});
