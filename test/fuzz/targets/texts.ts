import { createHmac } from 'node:crypto';
import { Secret } from '#libs/config';
import { isProblem } from '#libs/contracts';
import { judgeUrl, strictPolicy } from '#libs/egress';
import fc from 'fast-check';
import { judgeHeader } from '../../../apps/registry/src/confidential/judge-header.js';
import { retryAfterS } from '../../../apps/dispatcher/src/deliver-event/retry-after.js';
import { keyIdOf, newKeyText } from '../../../apps/gateway/src/api-keys/key-text.js';
import { GatewayConfig } from '../../../apps/gateway/src/gateway.config.js';
import { Cursors } from '../../../apps/gateway/src/http/cursors.js';
import { readIdempotencyKey } from '../../../apps/gateway/src/http/idempotency-key.js';
import { rules } from '../../../apps/gateway/src/publish-event/field-rules.js';
import { listed, type Pieces, pieces, textOf } from '../hostile.js';
import { type Target, target } from '../target.js';

/** As long as the head of a request may be. */
const maxTextLength = 16 * 1024;
const rootKey = 'a root key of the fuzzer, long and random enough';
const cursors = new Cursors(Object.assign(new GatewayConfig(), { POSTHORN_ROOT_KEY: new Secret(rootKey) }));
const position = fc.record({
  at: fc.string(),
  id: fc.string(),
  direction: fc.constantFrom('older' as const, 'newer' as const),
});

/** A parser of one text. */
function ofText(
  name: string,
  own: readonly string[],
  parse: (text: string) => unknown,
  check?: (text: string, answer: unknown) => string | undefined,
): Target {
  return target<Pieces>({
    name,
    input: pieces(own),
    cost: { fixedMs: 5, msPerKiB: 0.15 },
    prepare: (input) => {
      const text = textOf(input, maxTextLength);
      return {
        bytes: text.length,
        run: () => parse(text),
        ...(check !== undefined && { check: (answer: unknown) => check(text, answer) }),
      };
    },
  });
}

const timeParts = listed(`
  2026-01-01T00:00:00Z 2026-02-29 T24:00:00 T23:59:60 Z +23:59 -00:00 .000000001 0000-01-01 T`);
const urlParts = [
  ...listed(`
  http:// https:// example.com 127.0.0.1 [::1] [::ffff: 0x7f.1 @ :80 :0 / ? # a. %2e xn-- user:pw@
  1.1.1.1 169.254.169.254 localhost 。`),
  '\u2024',
];
const dateParts = [
  'Sun, 06 Nov 1994 08:49:37 GMT',
  'Sunday, 06-Nov-94 08:49:37 GMT',
  'Sun Nov  6 08:49:37 1994',
  '120',
  'GMT',
  '9',
];

export const textTargets = [
  target({
    name: 'cursor',
    input: fc.record({
      position,
      change: pieces(['A', '-', '_', '='], 2),
      at: fc.integer({ min: 0, max: 200 }),
      scope: fc.string(),
    }),
    prepare: ({ position: given, change, at, scope }) => {
      const whole = cursors.encode(given, scope);
      const text = whole.slice(0, at) + textOf(change, maxTextLength) + whole.slice(at);
      return {
        bytes: text.length,
        run: () => cursors.decode(text, scope),
        check: (answer) => {
          if (text !== whole) return isProblem(answer) ? undefined : 'took a cursor that was changed';
          return JSON.stringify(answer) === JSON.stringify(given)
            ? undefined
            : 'read another position than was given out';
        },
      };
    },
  }),
  target({
    name: 'cursor-signed',
    input: pieces(['["a","b","older"]', '[', '"', ']'], 4),
    // A holder of the root key could sign anything: what is signed is still read with care.
    documents: () => true,
    prepare: (input) => {
      const text = Buffer.from(textOf(input, maxTextLength));
      const key = createHmac('sha256', rootKey).update('cursor').digest();
      const mac = createHmac('sha256', key).update('s\n').update(text).digest().subarray(0, 16);
      return {
        bytes: text.length,
        run: () => cursors.decode(Buffer.concat([mac, text]).toString('base64url'), 's'),
      };
    },
  }),
  ofText('api-key', ['phk_', '_', '01KBCDEFGHJKMNPQRSTVWXYZ01', newKeyText().text], keyIdOf),
  ofText('idempotency-key', ['key-1', ' '], readIdempotencyKey, (text, answer) =>
    isProblem(answer) || text === answer ? undefined : 'took another key than was sent',
  ),
  ofText(
    'url',
    urlParts,
    (text) => judgeUrl(text, strictPolicy).verdict,
    (text, answer) => (answer === 'deny' || URL.canParse(text) ? undefined : 'allowed what is no URL'),
  ),
  ofText('header-name', ['x-', 'host', 'webhook-', 'proxy-', 'content-'], (text) => judgeHeader(text, 'v')),
  ofText('header-value', ['\u00ff', '\u0100', '\u007f'], (text) => judgeHeader('x-a', text)),
  ofText(
    'retry-after',
    dateParts,
    (text) => retryAfterS(text),
    (text, answer) =>
      answer === undefined || (Number.isSafeInteger(answer) && Number(answer) >= 0)
        ? undefined
        : `read no number of seconds from ${text.slice(0, 60)}`,
  ),
  ...Object.entries(rules).map(([name, { isValid }]) =>
    ofText(`rule-${name}`, [...timeParts, 'a.b', 'text/plain', '; charset=utf-8'], isValid),
  ),
];
