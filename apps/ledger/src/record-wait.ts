/**
 * How long what is to be written waits for more of it. Each batch costs the same few statements and one flush to the disk
 * however full it is, and nobody waits for it but whoever looks into the history.
 */
export const recordWaitMs = 50;
