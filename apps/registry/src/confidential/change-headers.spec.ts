import { randomBytes } from 'node:crypto';
import { Secret } from '#libs/config';
import type { DestinationHeader, Problem } from '#libs/contracts';
import { Sealer } from '#libs/sealing';
import { changeHeaders, replaceHeaders, shownHeaders } from './change-headers.js';

const sealer = new Sealer([new Secret(randomBytes(32).toString('base64'))]);
const seal = {
  seal: (name: string, value: string) => sealer.seal(value, name.toLowerCase()),
  open: ({ name, value, sealed = '' }: DestinationHeader) =>
    value ?? sealer.open(sealed, name.toLowerCase()).reveal(),
};
const change = (before: readonly DestinationHeader[], patch: object | null) =>
  changeHeaders(before, patch, seal);
const refusal = (patch: object, before: readonly DestinationHeader[] = []): [string, string[]] => {
  try {
    change(before, patch);
  } catch (error) {
    const { code, errors = [] } = error as Problem;
    return [code, errors.map(({ path }) => path)];
  }
  return ['allowed', []];
};
const before = change([], { 'X-Team': 'a', Authorization: 'Bearer x' });

/** Names and values, as a webhook carries them. */
const opened = (headers: readonly DestinationHeader[]) =>
  Object.fromEntries(headers.map((header) => [header.name, seal.open(header)]));

describe('the headers of a destination', () => {
  it('are sealed whatever their names, and shown by name and length', () => {
    expect(before).toEqual([
      { name: 'X-Team', sealed: expect.stringMatching(/^v1\./) as unknown },
      { name: 'Authorization', sealed: expect.stringMatching(/^v1\./) as unknown },
    ]);
    expect(opened(before)).toEqual({ 'X-Team': 'a', Authorization: 'Bearer x' });
    expect(shownHeaders(before)).toEqual({
      headers: { 'X-Team': '***', Authorization: '***' },
      headerBytes: { 'X-Team': 1, Authorization: 8 },
    });
    expect(shownHeaders([{ name: 'X-Old', value: 'plain' }])).toEqual({
      headers: { 'X-Old': '***' },
      headerBytes: { 'X-Old': 5 },
    });
    expect(shownHeaders(change([], { 'X-Empty': '' })).headerBytes).toEqual({ 'X-Empty': 0 });
  });

  it('are merged one by one, whatever the case of their names', () => {
    expect(opened(change(before, { 'x-team': 'b', 'X-New': 'c' }))).toEqual({
      'x-team': 'b',
      Authorization: 'Bearer x',
      'X-New': 'c',
    });
    expect(opened(change(before, { authorization: null, 'x-none': null }))).toEqual({ 'X-Team': 'a' });
    expect(change(before, null)).toEqual([]);
    expect(change(before, {})).toEqual(before);
  });

  it('keep a value that is given back masked, and store no mask', () => {
    expect(change(before, { Authorization: '***', 'X-Team': '***' })).toEqual(before);
    expect(opened(change(before, { authorization: '***' }))).toEqual({
      'X-Team': 'a',
      authorization: 'Bearer x',
    });
    expect(opened(change(before, { Authorization: 'Bearer y' }))['Authorization']).toBe('Bearer y');
    expect(refusal({ Cookie: '***' }, before)).toEqual(['validation_failed', ['headers.Cookie']]);
    expect(refusal({ 'X-Stars': '***' })).toEqual(['validation_failed', ['headers.X-Stars']]);
  });

  it.each<[string, object | null, Record<string, string>, string[]]>([
    ['without any', {}, {}, ['X-Team', 'Authorization']],
    ['that takes all away', null, {}, []],
    ['that gives one anew', { authorization: 'new' }, { authorization: 'new' }, ['X-Team']],
    ['that takes one away', { 'x-team': null }, {}, ['Authorization']],
    [
      'that gives back what is shown',
      { 'X-Team': '***', authorization: '***' },
      {},
      ['X-Team', 'Authorization'],
    ],
    ['that adds one', { 'X-New': 'n' }, { 'X-New': 'n' }, ['X-Team', 'Authorization']],
  ])('are replaced by a patch %s', (_name, patch, kept, dropped) => {
    const replaced = replaceHeaders(before, patch, seal);
    expect([opened(replaced.headers), replaced.dropped]).toEqual([kept, dropped]);
  });

  it('are replaced by no mask of a header that is not there', () => {
    expect(() => replaceHeaders(before, { Cookie: '***' }, seal)).toThrow(
      expect.objectContaining({ code: 'validation_failed' }),
    );
  });

  it.each([
    'host',
    'Content-Length',
    'transfer-encoding',
    'connection',
    'keep-alive',
    'upgrade',
    'te',
    'trailer',
    'expect',
    'proxy-authorization',
    'Proxy-X',
    'content-encoding',
    'webhook-id',
    'Webhook-Anything',
    'content-type',
    'user-agent',
    'accept-encoding',
  ])('may not be %s', (name) => {
    expect(refusal({ [name]: 'x' })).toEqual(['header_not_allowed', [`headers.${name}`]]);
  });

  it.each([
    ['an empty name', '', 'x'],
    ['a space in a name', 'a b', 'x'],
    ['a colon in a name', 'a:', 'x'],
    ['a name beyond ASCII', 'é', 'x'],
    ['a name of 129 characters', 'a'.repeat(129), 'x'],
    ['a line break in a value', 'X-A', 'a\r\nhost: b'],
    ['a line feed in a value', 'X-A', 'a\n'],
    ['a NUL in a value', 'X-A', 'a\0'],
    ['an escape in a value', 'X-A', '\u001b[0m'],
    ['a value beyond Latin-1', 'X-A', 'snowman ☃'],
    ['a value that is no text', 'X-A', 1],
    ['a value of more than 4 KiB', 'X-A', 'x'.repeat(4097)],
  ])('may not have %s', (_name, name, value) => {
    expect(refusal({ [name]: value })).toEqual(['validation_failed', [`headers.${name.slice(0, 128)}`]]);
  });

  it('may have names of 128 characters, Latin-1, and names that every object has', () => {
    expect(refusal({ ['a'.repeat(128)]: 'x', 'X-Latin': 'Ærø\t~', constructor: 'x' })).toEqual([
      'allowed',
      [],
    ]);
    const proto = JSON.parse('{"__proto__":"a"}') as object;
    expect(Object.entries(opened(change([], proto)))).toEqual([['__proto__', 'a']]);
  });

  it('may be 20, and 8 KiB in all, those that are kept included', () => {
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`x-${n}`, 'a']));
    expect(refusal(many(20))).toEqual(['allowed', []]);
    expect(refusal(many(21))).toEqual(['validation_failed', ['headers']]);
    expect(refusal(many(19), before)).toEqual(['validation_failed', ['headers']]);
    const big = { 'x-1': 'a'.repeat(4096), 'x-2': 'a'.repeat(4080) };
    expect(refusal(big)).toEqual(['allowed', []]);
    expect(refusal({ ...big, 'x-token': 'a'.repeat(30) })).toEqual(['validation_failed', ['headers']]);
  });

  it('name each that is wrong, and say that one is there twice', () => {
    expect(refusal({ 'X-A': 1, host: 'x', 'X-B': 'ok' })).toEqual([
      'header_not_allowed',
      ['headers.X-A', 'headers.host'],
    ]);
    expect(refusal({ 'X-A': 'a', 'x-a': 'b' })).toEqual(['validation_failed', ['headers.x-a']]);
  });
});
