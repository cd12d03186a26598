import { Problem } from '#libs/contracts';
import { destinationDefaults } from './apply-patch.js';
import { destinationOf } from './destination-of.js';
import { maxDestinationBytes, mustFit } from './must-fit.js';

const destination = {
  ...destinationOf({
    ...destinationDefaults,
    id: 'dst_1',
    tenant_id: 't',
    version: 1,
    renewed_version: 1,
    url: 'https://example.com/',
    event_types: ['#'],
    disabled_reason: null,
    headers: [],
    sealed_secrets: [],
    retiring_secrets: [],
    retire_at: null,
    rotation_id: null,
    created_at: new Date(),
    updated_at: new Date(),
  }),
};
const bytes = Buffer.byteLength(JSON.stringify(destination));
const room = maxDestinationBytes - bytes;
const faultOf = (changes: object): unknown => {
  try {
    mustFit({ ...destination, ...changes });
    return undefined;
  } catch (error) {
    return error instanceof Problem ? [error.code, error.errors?.map(({ path }) => path)] : error;
  }
};

describe('a destination of 16 KiB', () => {
  it('is taken, and one of a byte more is not', () => {
    expect(faultOf({ description: 'x'.repeat(room) })).toBeUndefined();
    expect(faultOf({ description: 'x'.repeat(room + 1) })).toEqual(['validation_failed', ['description']]);
  });

  it('is measured as it is written, which may be six bytes for a character', () => {
    expect(faultOf({ metadata: { a: '\u0001'.repeat(Math.ceil(room / 6)) } })).toEqual([
      'validation_failed',
      ['metadata'],
    ]);
  });

  it('has its headers in it, though they are not shown', () => {
    expect(faultOf({ headers: { A: '***' }, headerBytes: { A: room } })).toEqual([
      'validation_failed',
      ['headers'],
    ]);
  });
});
