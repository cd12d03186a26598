import type { ArgumentMetadata } from '@nestjs/common';
import { StorableTextPipe, unstorableText } from './storable-text.js';

describe('unstorableText', () => {
  it('leaves alone what Postgres can keep', () => {
    expect(unstorableText({ name: 'Ünï 𝄞', tags: ['a', 1, null, true], deep: { a: '\u0001' } })).toEqual([]);
  });

  it.each([
    ['U+0000', { description: 'a\0b' }, 'description'],
    ['half of a surrogate pair', { metadata: { colour: '\ud800' } }, 'metadata.colour'],
    ['one in a list', { eventTypes: ['a', '\udc00'] }, 'eventTypes[1]'],
    ['one in a name', { metadata: { 'a\0': 'b' } }, 'metadata'],
  ])('tells where %s is', (_what, value, path) => {
    expect(unstorableText(value)).toEqual([{ path, message: expect.stringContaining('U+0000') }]);
  });
});

describe('unstorableText, of many faults', () => {
  it('stops with the twentieth, and takes a moment only', () => {
    let deep: unknown = Array.from({ length: 20_000 }, () => '\0');
    for (let level = 0; level < 60; level++) deep = { a: deep };
    const startedAt = process.cpuUsage();
    expect(unstorableText({ ['n'.repeat(100_000)]: deep })).toHaveLength(20);
    expect(process.cpuUsage(startedAt).user).toBeLessThan(50_000);
  });
});

describe('StorableTextPipe', () => {
  const pass = (value: unknown, type: ArgumentMetadata['type']): unknown =>
    new StorableTextPipe().transform(value, { type });

  it('finds nothing under a name that cannot be', () => {
    expect(() => pass({ tenantId: 'a\0' }, 'param')).toThrow(/^not_found/);
    expect(() => pass({ type: ['a', '\0'] }, 'query')).toThrow(/^invalid_query/);
  });

  it('does not look into bodies, which are bytes', () => {
    expect(pass('\0', 'body')).toBe('\0');
  });
});
