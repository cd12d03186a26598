/**
 * How long what is to be written waits for more of it. Each batch costs the same few statements and one flush to the disk
 * however full it is, and nobody waits for it but whoever looks into the history.
 */
export const recordWaitMs = 100;
/**
 * Longer than most deliveries take: what the first attempt came to is then written already, and a delivery once rather
 * than twice, with all its entries in indexes.
 */
export const routingWaitMs = 300;

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
