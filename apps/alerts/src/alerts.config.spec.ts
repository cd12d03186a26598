import { loadConfig } from '#libs/config';
import { AlertsConfig } from './alerts.config.js';

const disableAfter = (text: string): number =>
  loadConfig(AlertsConfig, { AUTO_DISABLE_AFTER: text }).AUTO_DISABLE_AFTER;

describe('AUTO_DISABLE_AFTER', () => {
  it('is a duration, and five days unless it is set', () => {
    expect(disableAfter('2s')).toBe(2000);
    expect(disableAfter('')).toBe(5 * 24 * 3_600_000);
  });

  it.each(['0', 'off'])('%s means never', (text) => expect(disableAfter(text)).toBe(0));

  it.each(['5', 'never', '-1h'])('%s is refused', (text) =>
    expect(() => disableAfter(text)).toThrow('AUTO_DISABLE_AFTER must be a duration'),
  );
});
