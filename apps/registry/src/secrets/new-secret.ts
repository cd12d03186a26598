import { Problem } from '#libs/contracts';
import type { DestinationRow } from '../registry.tables.js';
import { maxSigning, rotate, type Rotation } from './rotate.js';

/** @throws Problem if too many secrets sign already. */
export function newSecret(row: DestinationRow, rotation: Rotation): Partial<DestinationRow> {
  const rotated = rotate(row, rotation);
  if (rotated) return rotated;
  throw new Problem('validation_failed', `${maxSigning} secrets of this destination sign already.`, [
    {
      path: 'overlapSeconds',
      message: `must be 0, which ends all earlier secrets, or wait: the next one ends at ${String(row.retire_at?.toISOString())}`,
    },
  ]);
}
