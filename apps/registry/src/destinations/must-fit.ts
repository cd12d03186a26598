import { type Destination, Problem } from '#libs/contracts';

export const maxDestinationBytes = 16 * 1024;

const ofAnySize = [
  'filter',
  'eventTypes',
  'metadata',
  'headers',
  'description',
  'url',
  'retrySchedule',
] as const;

/**
 * Lists, caches and messages hold destinations whole.
 * @throws Problem `validation_failed` for one that is larger as JSON than a destination may be, with its headers.
 */
export function mustFit(destination: Destination): void {
  const headerBytes = Object.values(destination.headerBytes).reduce((sum, bytes) => sum + bytes, 0);
  const bytes = bytesOf(destination) + headerBytes;
  if (bytes <= maxDestinationBytes) return;
  const sizes = ofAnySize.map((path) => ({
    path,
    size: bytesOf(destination[path]) + (path === 'headers' ? headerBytes : 0),
  }));
  const [largest] = sizes.toSorted((one, other) => other.size - one.size);
  throw new Problem('validation_failed', 'The destination is too large.', [
    {
      path: largest?.path ?? '',
      message: `takes ${largest?.size ?? 0} bytes of the ${bytes} that the destination has as JSON, with its headers. It may have ${maxDestinationBytes}`,
    },
  ]);
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
