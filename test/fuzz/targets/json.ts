import { isUtf8 } from 'node:buffer';
import { isProblem, maxBatchEvents } from '#libs/contracts';
import fc from 'fast-check';
import { readEnvelope, readMembers } from '../../../apps/gateway/src/publish-event/read-envelope.js';
import { scanArray, scanObject, scanValue } from '../../../apps/gateway/src/publish-event/scan-json.js';
import { damage, damaged } from '../hostile.js';
import { jsonOf, recipes } from '../hostile-json.js';
import { target } from '../target.js';
import { contractFault } from './accepted.js';

const maxDepth = 64;
const maxPayloadBytes = 256 * 1024;
const eventNames = ['id', 'type', 'data', 'timestamp', '__proto__'];
const eventTexts = [
  'invoice.paid',
  'a.b',
  '2026-01-01T24:00:00Z',
  '2026-02-30T00:00:00Z',
  'ev-1',
  'Z',
  '+23:59',
];

const documents = fc.record({ recipe: recipes(eventNames, eventTexts), damage });

function bytesOf({
  recipe,
  damage: places,
}: {
  recipe: Parameters<typeof jsonOf>[0];
  damage: readonly (readonly [number, number])[];
}): Buffer {
  return damaged(jsonOf(recipe), places);
}

export const jsonTargets = [
  target({
    name: 'json-value',
    input: documents,
    prepare: (input) => {
      const bytes = bytesOf(input);
      return {
        bytes: bytes.length,
        run: () => {
          scanValue(bytes, maxDepth);
          return undefined;
        },
        check: (answer) =>
          isProblem(answer) || isAccepted(bytes) ? undefined : 'took what JSON.parse does not take',
      };
    },
  }),
  target({
    name: 'json-object',
    input: documents,
    prepare: (input) => {
      const bytes = bytesOf(input);
      return {
        bytes: bytes.length,
        run: () =>
          [...scanObject(bytes, maxDepth)].map(([name, { start, end }]) => [name.slice(0, 50), start, end]),
      };
    },
  }),
  target({
    name: 'json-array',
    input: documents,
    prepare: (input) => {
      const bytes = bytesOf(input);
      return {
        bytes: bytes.length,
        run: () => [...scanArray(bytes, { maxDepth, maxItems: maxBatchEvents })].length,
      };
    },
  }),
  target({
    name: 'envelope',
    input: documents,
    prepare: (input) => {
      const bytes = bytesOf(input);
      return {
        bytes: bytes.length,
        run: () => readEnvelope(bytes, readMembers(bytes), maxPayloadBytes),
        check: contractFault,
      };
    },
  }),
];

function isAccepted(bytes: Buffer): boolean {
  if (!isUtf8(bytes)) return true;
  try {
    JSON.parse(bytes.toString());
    return true;
  } catch {
    return false;
  }
}
