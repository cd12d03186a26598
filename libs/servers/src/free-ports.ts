import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { writeFileAtomically } from './write-file.js';

/**
 * Below the range from which systems take the local end of outgoing connections (32768 and up on Linux, 49152 on
 * macOS): a server that is down for a moment must find its port free again, and a client that retries on a port of
 * that range can even end up connected to itself.
 */
const lowest = 20_000;
const highest = 30_000;

/**
 * Ports of 127.0.0.1 that are free now, by name. Those remembered in `file` are taken again when they still are.
 * @param reserved ports that are somebody else's, who may not listen yet.
 */
export async function freePorts<Name extends string>(
  file: string,
  names: readonly Name[],
  reserved: readonly number[] = [],
): Promise<Record<Name, number>> {
  const remembered = await readPorts(file);
  const taken = new Set([...Object.values(remembered), ...reserved]);
  const ports: Record<string, number> = {};
  for (const name of names) {
    const earlier = remembered[name];
    const isStillOurs = earlier !== undefined && !reserved.includes(earlier) && (await isFree(earlier));
    ports[name] = isStillOurs ? earlier : await findFree(taken);
    taken.add(ports[name]);
  }
  writeFileAtomically(file, `${JSON.stringify({ ...remembered, ...ports }, null, 2)}\n`);
  return ports;
}

export async function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return (await whyNotFree(port, host)) === undefined;
}

/** What keeps a server from listening there. @returns undefined if nothing does. */
export function whyNotFree(port: number, host: string): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', resolve);
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

async function findFree(taken: ReadonlySet<number>): Promise<number> {
  for (let tries = 0; tries < 1000; tries += 1) {
    const port = randomInt(lowest, highest);
    if (!taken.has(port) && (await isFree(port))) return port;
  }
  throw new Error(`No port between ${lowest} and ${highest} is free.`);
}

async function readPorts(file: string): Promise<Record<string, number>> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Record<string, number>;
  } catch {
    return {};
  }
}
