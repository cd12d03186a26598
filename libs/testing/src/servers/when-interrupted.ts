const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Cleans up when the run is interrupted: Jest then tears nothing down. Nothing can be waited for at that moment.
 * Returns how to take it back.
 */
export function whenInterrupted(cleanUp: () => void): () => void {
  const end = (): void => {
    cleanUp();
    process.exit(1);
  };
  for (const signal of signals) process.once(signal, end);
  return () => {
    for (const signal of signals) process.off(signal, end);
  };
}
