import type { FailpointName } from './failpoint-names.js';

/**
 * Here a fault test may kill the process. This does nothing, and is what production runs; `armed.js` takes its place
 * in a process that was started with `--conditions=failpoints`, and images do not contain it.
 */
export function failpoint(_name: FailpointName): void {}
