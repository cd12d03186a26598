import { loadConfig } from '#libs/config';
import { LedgerConfig } from './ledger.config.js';

const day = 86_400_000;

describe('how long the ledger keeps things', () => {
  it('is 30 days for payloads and 90 for the rest, unless it is said', () => {
    expect(loadConfig(LedgerConfig, {})).toMatchObject({
      PAYLOAD_RETENTION: 30 * day,
      METADATA_RETENTION: 90 * day,
    });
    expect(loadConfig(LedgerConfig, { PAYLOAD_RETENTION: '7d', METADATA_RETENTION: '7d' })).toMatchObject({
      PAYLOAD_RETENTION: 7 * day,
      METADATA_RETENTION: 7 * day,
    });
  });

  it('cannot be longer for payloads than for what they belong to', () => {
    expect(() => loadConfig(LedgerConfig, { PAYLOAD_RETENTION: '91d' })).toThrow(
      /PAYLOAD_RETENTION must not be/,
    );
    expect(() => loadConfig(LedgerConfig, { METADATA_RETENTION: '29d' })).toThrow(
      /PAYLOAD_RETENTION must not be/,
    );
  });

  it.each(['1h', '30', 'soon', '-1d'])('is a duration of a day or more, and not %s', (text) => {
    expect(() => loadConfig(LedgerConfig, { PAYLOAD_RETENTION: text })).toThrow(/PAYLOAD_RETENTION must be/);
    expect(() => loadConfig(LedgerConfig, { METADATA_RETENTION: text })).toThrow(
      /METADATA_RETENTION must be/,
    );
  });
});
