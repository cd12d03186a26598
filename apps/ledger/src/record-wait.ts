/**
 * How long what is to be written waits for more of it. Each batch costs the same few statements and one flush to the disk
 * however full it is, and nobody waits for it but whoever looks into the history.
 */
export const recordWaitMs = 100;
/**
 * How old what was routed is before it is written. Most deliveries take less: what the first attempt came to is written
 * by then, and a delivery once rather than twice, with all its entries in indexes.
 */
export const routingAgeMs = 400;
/** And for how long after that it waits for more. */
export const routingWaitMs = 200;

const hurriedWaitMs = 20;
const hurryMs = 1000;
let isHurriedUntilMs = 0;

/** What waits in the timetable waits for room at its destination: the reports that make room are written sooner. */
export function hurryReports(): void {
  isHurriedUntilMs = performance.now() + hurryMs;
}

/** How long a report of an attempt waits for others. */
export function reportWaitMs(): number {
  return performance.now() < isHurriedUntilMs ? hurriedWaitMs : recordWaitMs;
}
