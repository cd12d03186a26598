import { type ByteAllowances, bytesOnTheWay } from '#libs/messaging';
import type { Lane } from './lanes.repository.js';

interface Sized {
  /** Of the payload; null while its event is not recorded. */
  readonly payload_bytes: number | null;
}

export interface Admitted<Claimed extends Sized> {
  /** What may go now, and what has no payload, for which room is no matter. */
  readonly claimed: ReadonlyMap<string, Claimed>;
  /** By destination: how soon there may be room for what is due and stays so. */
  readonly waitsMs: ReadonlyMap<string, number>;
}

/** How soon a lane without room is looked at again. */
const [soonestMs, latestMs] = [250, 2000];

/** Takes of what is due as much as its tenant may have on the way, in the order of the lanes. */
export function admitBytes<Claimed extends Sized>(
  lanes: readonly Lane[],
  due: ReadonlyMap<string, Claimed>,
  allowances: ByteAllowances,
): Admitted<Claimed> {
  const claimed = new Map(due);
  const waitsMs = new Map<string, number>();
  const refused = new Map<string, number>();
  const sized = lanes
    .flatMap((lane) => lane.due)
    .flatMap((one) => {
      const payloadBytes = due.get(one.id)?.payload_bytes ?? null;
      return payloadBytes === null ? [] : [{ ...one, bytes: bytesOnTheWay(payloadBytes) }];
    });
  for (const { id, tenant_id: tenantId, destination_id: destinationId, bytes } of sized) {
    if (allowances.grant(tenantId, bytes, 1) === 1) continue;
    claimed.delete(id);
    const before = (refused.get(tenantId) ?? 0) + bytes;
    refused.set(tenantId, before);
    const waitMs = Math.min(Math.max(allowances.waitMs(tenantId, before), soonestMs), latestMs);
    waitsMs.set(destinationId, waitsMs.get(destinationId) ?? waitMs);
  }
  return { claimed, waitsMs };
}
