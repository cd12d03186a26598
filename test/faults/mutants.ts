import { type Change, changeBuild, copyBuild } from './builds.js';

/** A build that is broken on purpose: an oracle that passes it would prove nothing. */
export interface Mutant extends Change {
  readonly name: string;
  readonly what: string;
  /** The row of the matrix that has to catch it. */
  readonly row: string;
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
    file: 'libs/messaging/src/topology-plan.js',
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
export function buildMutant(mutant: Mutant): string {
  const root = copyBuild(mutant.name);
  changeBuild(root, mutant);
  return root;
}
