import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from '#libs/servers';

/** Each folder in it is a volume, and whoever a folder is for mounts that one only. */
const directory = '/secrets';

/** All of them: only what provisions has this one. */
export const secretsFile = join(directory, 'provision', 'secrets.json');

/** Any user may read it: its reader is one that only the reader's own image knows. */
export function handOver(reader: string, fileName: string, text: string): void {
  const file = join(directory, reader, fileName);
  writeFileAtomically(file, text);
  chmodSync(file, 0o644);
}
