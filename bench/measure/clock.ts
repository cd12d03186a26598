/** Milliseconds of the machine's monotonic clock, the same for all its processes. */
export function nowMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}
