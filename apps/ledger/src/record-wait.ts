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
