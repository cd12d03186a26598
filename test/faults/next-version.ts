import { type Change, changeBuild, restoreBuild } from './builds.js';

const mark = '{"message":"next version"}';

/** A version to come: every message has a field that this one does not know. */
const change: Change = {
  file: 'libs/messaging/src/codec.js',
  replace: [
    ['export function encode(', `console.log('${mark}');\nexport function encode(`],
    ['JSON.stringify(message)', "JSON.stringify({ ...message, addedLater: { by: 'the next version' } })"],
    [
      'const { body, ...headers } = message;',
      "const { body, ...headers } = { ...message, addedLater: 'too' };",
    ],
  ],
};

/** From their next start on, processes of this build are of the next version. */
export function install(root: string): void {
  changeBuild(root, change);
}

/** From their next start on, they are of ours again. */
export function goBack(root: string): void {
  restoreBuild(root, change);
}

/** Whether a service's log shows that it ran as the next version. */
export function saidBy(lines: readonly string[]): boolean {
  return lines.includes(mark);
}
