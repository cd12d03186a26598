import { metadataLimits, Problem } from '#libs/contracts';
import { mergePatch } from './merge-patch.js';

type Metadata = Readonly<Record<string, string>>;

/** @throws Problem `validation_failed` if they come to be too many. */
export function mergeMetadata(
  before: Metadata,
  patch: Readonly<Record<string, string | null>> | null,
): Record<string, string> {
  if (patch === null) return {};
  const merged = mergePatch(before, patch) as Record<string, string>;
  if (Object.keys(merged).length <= metadataLimits.names) return merged;
  throw new Problem('validation_failed', 'The body is not as it must be.', [
    {
      path: 'metadata',
      message: `may have ${metadataLimits.names} names, with those that are there already`,
    },
  ]);
}
