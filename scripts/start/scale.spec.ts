import { processesOf } from './scale.js';

const names = (scale?: string): string[] => processesOf(scale).map(({ name }) => name);

describe('how many processes there are', () => {
  it('is one of each service when nothing is said', () => {
    expect(names()).toEqual(['registry', 'router', 'ledger', 'dispatcher', 'alerts', 'gateway']);
  });

  it('is as many as are asked for, each with a name of its own', () => {
    expect(names('gateway=2, dispatcher=3')).toEqual([
      'registry',
      'router',
      'ledger',
      'dispatcher',
      'dispatcher-2',
      'dispatcher-3',
      'alerts',
      'gateway',
      'gateway-2',
    ]);
  });

  it.each(['gateway', 'gateway=0', 'gateway=99', 'sender=2', 'gateway=2;router=2', ''])(
    'cannot be said with "%s"',
    (scale) => {
      expect(() => processesOf(scale)).toThrow('POSTHORN_SCALE');
    },
  );
});
