import type { DestinationHeader, Problem } from '#libs/contracts';
import { changeHeaders, shownHeaders } from './change-headers.js';
import { isSensitive } from './judge-header.js';

const seal = {
  seal: (name: string, value: string) => `sealed ${name.toLowerCase()}: ${value}`,
  open: ({ value, sealed = '' }: DestinationHeader) => value ?? sealed.slice(sealed.indexOf(': ') + 2),
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

describe('the headers of a destination', () => {
  it("are kept open, but for those that are nobody else's business", () => {
    expect(before).toEqual([
      { name: 'X-Team', value: 'a' },
      { name: 'Authorization', sealed: 'sealed authorization: Bearer x' },
    ]);
    expect(shownHeaders(before)).toEqual({ 'X-Team': 'a', Authorization: '***' });
  });

  it('are merged one by one, whatever the case of their names', () => {
    expect(shownHeaders(change(before, { 'x-team': 'b', 'X-New': 'c' }))).toEqual({
      'x-team': 'b',
      Authorization: '***',
      'X-New': 'c',
    });
    expect(shownHeaders(change(before, { authorization: null, 'x-none': null }))).toEqual({ 'X-Team': 'a' });
    expect(change(before, null)).toEqual([]);
    expect(change(before, {})).toEqual(before);
  });

  it('keep a value that is given back masked', () => {
    expect(change(before, { Authorization: '***' })).toEqual(before);
    expect(change(before, { Authorization: 'Bearer y' })[1]).toMatchObject({
      sealed: 'sealed authorization: Bearer y',
    });
    expect(refusal({ Cookie: '***' }, before)).toEqual(['validation_failed', ['headers.Cookie']]);
    expect(change([], { 'X-Stars': '***' })).toEqual([{ name: 'X-Stars', value: '***' }]);
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
    expect(Object.entries(shownHeaders(change([], proto)))).toEqual([['__proto__', 'a']]);
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

describe('a header whose value is not shown', () => {
  it.each([
    'authorization',
    'Cookie',
    'X-API-Key',
    'api-key',
    'apikey',
    'X-Auth-Token',
    'private-token',
    'X-Amz-Security-Token',
    'x-secret',
    'X-Shared-Secret',
    'X-Password',
    'Ocp-Apim-Subscription-Key',
    'accesstoken',
  ])('is %s', (name) => expect(isSensitive(name)).toBe(true));

  it.each(['X-Team', 'Accept', 'X-Request-Id', 'X-Keyboard', 'X-Author', 'X-Environment'])(
    'is not %s',
    (name) => expect(isSensitive(name)).toBe(false),
  );
});
