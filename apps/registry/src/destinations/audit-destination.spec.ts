import { aDestinationRow as row } from './destination-row.fixture.js';
import { auditDestination } from './audit-destination.js';

/** A text in the form of a sealed one. */
const sealed = (text: string) => `v1.00000000.${text.padEnd(38, 'x')}`;

const audited = (before: object | undefined, after: object | undefined) =>
  auditDestination({
    actor: undefined,
    before: before && { ...row, ...before },
    after: after && { ...row, ...after },
  });

describe('the audit record of a destination', () => {
  it('has the changed fields as they were and as they are', () => {
    expect(audited({}, { description: 'new', timeout_ms: 1000 })).toEqual({
      actor: undefined,
      action: 'destination.updated',
      object: { type: 'destination', id: 'dst_1' },
      tenantId: 't',
      before: { description: '', timeoutMs: 15_000 },
      after: { description: 'new', timeoutMs: 1000 },
    });
  });

  it('is not made where nothing changed that it would show', () => {
    expect(audited({}, { version: 4, retiring_secrets: [{ sealed: 'x', validUntil: '' }] })).toBeUndefined();
  });

  it('has no secret, no value of a header and no query', () => {
    const before = {
      url: 'https://example.com/hook?token=canary',
      sealed_secrets: ['canary'],
      headers: [
        { name: 'Authorization', sealed: sealed('canary') },
        { name: 'X-Same', sealed: sealed('canary') },
      ],
    };
    const after = {
      url: 'https://example.com/hook?token=canary2',
      sealed_secrets: ['canary2'],
      headers: [
        { name: 'X-Same', sealed: sealed('canary') },
        { name: 'X-Old', value: 'canary' },
      ],
    };
    expect(audited(before, after)).toMatchObject({
      before: { url: 'https://example.com/hook?***', secret: '***', 'headers.Authorization': '***' },
      after: { url: 'https://example.com/hook?***', secret: '***', 'headers.X-Old': '***' },
    });
    for (const [one, other] of [
      [before, after],
      [undefined, after],
      [before, undefined],
    ])
      expect(JSON.stringify(audited(one, other))).not.toContain('canary');
  });

  it.each([
    ['destination.created', undefined, {}],
    ['destination.deleted', {}, undefined],
    ['destination.disabled', {}, { enabled: false, disabled_reason: 'disabled by its owner' }],
    ['destination.enabled', { enabled: false, disabled_reason: 'x' }, {}],
    ['destination.updated', {}, { enabled: false, description: 'x' }],
    [
      'destination.updated',
      { enabled: false, disabled_reason: 'a' },
      { enabled: false, disabled_reason: 'b' },
    ],
  ])('says %s', (action, before, after) => {
    expect(audited(before, after)?.action).toBe(action);
  });
});
