import { chmodSync, existsSync, readdirSync } from 'node:fs';
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

/** The data volumes of RabbitMQ's nodes. */
const nodes = join(directory, 'rabbitmq-nodes');

/** RabbitMQ takes a cookie only if nobody else may read it; a node's container makes it its own when it starts. */
export function handOverCookies(cookie: string): void {
  for (const node of readdirSync(nodes)) {
    const file = join(nodes, node, '.erlang.cookie');
    // One that is there is the node's, and not ours to read or replace.
    if (existsSync(file)) continue;
    writeFileAtomically(file, cookie);
    chmodSync(file, 0o400);
  }
}
