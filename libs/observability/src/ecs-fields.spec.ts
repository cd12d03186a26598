import { ecsFields } from './ecs-fields.js';

describe('a line of the log', () => {
  it('has the names of the Elastic Common Schema, and ours below posthorn', () => {
    const fields = {
      deliveryId: 'dlv_1',
      tenantId: 't',
      result: 'refused',
      statusCode: 503,
      durationMs: 1.5,
      reason: 'no',
      absent: undefined,
    };
    expect(ecsFields('delivery.attempted', fields)).toEqual({
      'event.action': 'delivery.attempted',
      'event.duration': 1_500_000,
      'event.outcome': 'failure',
      'event.reason': 'no',
      'http.response.status_code': 503,
      'posthorn.delivery_id': 'dlv_1',
      'posthorn.result': 'refused',
      'posthorn.tenant_id': 't',
    });
  });

  it.each([
    ['a signing secret', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', '[secret]'],
    ['an API key', 'key phk_01ABC_xyz-123 is old', 'key [secret] is old'],
    ['a password', 'postgres://ledger:pa55@db:5432/x', 'postgres://ledger:[secret]@db:5432/x'],
    ['nested', { inner: ['whsk_abc'] }, { inner: ['[secret]'] }],
    ['nothing secret', 'dlv_01ABC http://a.example:80/x', 'dlv_01ABC http://a.example:80/x'],
  ])('never has %s in it', (_what, value, shown) => {
    expect(ecsFields('x', { value })).toEqual({ 'event.action': 'x', 'posthorn.value': shown });
  });
});
