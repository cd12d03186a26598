import { Secret } from '#libs/config';
import { withOwn } from './with-own.js';

const own = (headers: Record<string, string>) =>
  Object.entries(headers).map(([name, value]) => [name, new Secret(value)] as const);

describe("a destination's own headers", () => {
  it('come after ours', () => {
    const sent = withOwn({ 'webhook-id': 'evt_1' }, own({ Authorization: 'Bearer x', 'X-Team': 'a' }));
    expect(Object.entries(sent)).toEqual([
      ['webhook-id', 'evt_1'],
      ['Authorization', 'Bearer x'],
      ['X-Team', 'a'],
    ]);
  });

  it('never take the place of ours, however they are spelt', () => {
    const sent = withOwn(
      { 'webhook-id': 'evt_1', 'user-agent': 'p' },
      own({ 'Webhook-ID': 'x', 'USER-AGENT': 'y' }),
    );
    expect(sent).toEqual({ 'webhook-id': 'evt_1', 'user-agent': 'p' });
  });
});
