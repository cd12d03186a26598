import { isUtf8 } from 'node:buffer';
import type { ParkedRecord, ParkedSummary } from '#libs/contracts';

export interface ShownParked extends Omit<ParkedSummary, 'body'> {
  /** As text; null when it is not text, or too large to be shown: then `bodyBytes` says how large. */
  readonly body: string | null;
  /** The same in base64, only when it is not text. */
  readonly bodyBase64?: string;
}

export type ShownParkedRecord = ShownParked & Pick<ParkedRecord, 'properties'>;

export function showParked({ body, ...parked }: ParkedSummary): ShownParked {
  if (body === null) return { ...parked, body };
  const bytes = Buffer.from(body, 'base64');
  return isUtf8(bytes) ? { ...parked, body: bytes.toString() } : { ...parked, body: null, bodyBase64: body };
}

export function showParkedRecord({ properties, ...summary }: ParkedRecord): ShownParkedRecord {
  return { ...showParked(summary), properties };
}
