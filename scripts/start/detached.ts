import { fileURLToPath } from 'node:url';
import type { Report } from './detach.js';
import { stopSignal } from './stop-signal.js';
import { supervise } from './supervise.js';

/** The supervisor of `npm start -- --detach`: a process of its own, whose output is a log file. */
const exitCode = await supervise({
  projectRoot: fileURLToPath(new URL('../../../', import.meta.url)),
  environment: process.env,
  clean: process.argv.includes('--clean'),
  say: (line) => {
    console.log(new Date().toISOString(), line);
    report({ said: line });
  },
  onReady: () => {
    console.log(new Date().toISOString(), 'Ready.');
    report({ ready: true });
  },
  signal: stopSignal(),
});
process.exit(exitCode);

/** Nobody listens any more once the command in the foreground has returned. */
function report(what: Report): void {
  if (process.connected) process.send?.(what);
}
