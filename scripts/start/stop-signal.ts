/**
 * Aborted on the first signal to stop. Further ones are for nothing: one Ctrl-C arrives several times, from the terminal
 * and passed on by npm and by scripts/run.mjs.
 */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
  // A terminal or pipe that is gone must not end us before we have ended the rest.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  return stop.signal;
}
