import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** A build that is broken on purpose: an oracle that passes it would prove nothing. */
export interface Mutant {
  readonly name: string;
  readonly what: string;
  /** The row of the matrix that has to catch it. */
  readonly row: string;
  readonly file: string;
  readonly replace: readonly (readonly [string, string])[];
}

export const mutants: readonly Mutant[] = [
  {
    name: 'ack-before-work',
    what: 'acknowledges messages before they are handled',
    row: 'router.claimed',
    file: 'libs/messaging/src/work-processor.js',
    replace: [['async process(batch) {', 'async process(batch) { for (const one of batch) one.ack();']],
  },
  {
    name: 'transient',
    what: 'uses classic queues and messages that are not persistent',
    row: 'broker-killed',
    file: 'libs/messaging/src/declare-topology.js',
    replace: [
      ['function optionsOf(definition) {', 'function optionsOf(definition) { return { durable: false };'],
    ],
  },
  {
    name: 'outbox-off',
    what: 'announces changes without an outbox',
    row: 'registry.committed',
    file: 'libs/persistence/src/outbox.js',
    replace: [['async function enqueue(db, messages) {', 'async function enqueue(db, messages) { return;']],
  },
];

/** Makes a broken copy of the build. @returns the root to start it from. */
export function buildMutant({ name, file, replace }: Mutant): string {
  const root = resolve('.posthorn', 'test', 'mutants', name);
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  cpSync('dist', join(root, 'dist'), { recursive: true });
  cpSync('package.json', join(root, 'package.json'));
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'));
  const path = join(root, 'dist', file);
  let text = readFileSync(path, 'utf8');
  for (const [sound, broken] of replace) {
    if (!text.includes(sound))
      throw new Error(`${file} does not contain "${sound}": mend the mutant ${name}`);
    text = text.replaceAll(sound, broken);
  }
  writeFileSync(path, text);
  return root;
}
