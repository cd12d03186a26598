import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { chooseKind, freePorts, images } from '#libs/servers';
import { type Answer, type RunningPosthorn, until } from '#libs/testing';

const project = 'posthorn-compose-test';
const directory = resolve('.posthorn', 'test', 'compose');
const portNames = ['gateway', 'amqp', 'amqp-2', 'amqp-3'] as const;
const commandDeadlineMs = 300_000;
const callDeadlineMs = 15_000;
const backDeadlineMs = 90_000;
/** Each look is a process. */
const lookEveryMs = 500;
const files = ['--file', 'docker-compose.yml'];
const clusterFiles = [...files, '--file', 'docker-compose.cluster.yml'];

export interface Container {
  readonly id: string;
  readonly service: string;
}

/** Why docker compose cannot be tried here, if it cannot. */
export async function whyNotCompose(): Promise<string | undefined> {
  const needed = [...Object.values(images), 'node:24-slim'];
  const lines: string[] = [];
  const choice = { forced: process.env['POSTHORN_INFRASTRUCTURE'], images: needed };
  if ((await chooseKind(choice, (line) => lines.push(line))) === 'native')
    return lines.at(-1) ?? 'POSTHORN_INFRASTRUCTURE is native';
  try {
    await docker('compose', 'version');
    await docker('buildx', 'version');
    return undefined;
  } catch {
    return 'docker compose or docker buildx is missing: docker/compose-plugin.sh brings them';
  }
}

/** The whole of Posthorn as docker-compose.yml has it, begun with no data. */
export class ComposedPosthorn implements Pick<RunningPosthorn, 'call'> {
  #files = files;
  #apiKey = '';

  private constructor(
    private readonly environment: NodeJS.ProcessEnv,
    private readonly ports: Readonly<Record<(typeof portNames)[number], number>>,
  ) {}

  static async build(settings: Readonly<Record<string, string>>): Promise<ComposedPosthorn> {
    await mkdir(directory, { recursive: true });
    const ports = await freePorts(join(directory, 'ports.json'), portNames);
    const variables = {
      COMPOSE_PROJECT_NAME: project,
      COMPOSE_PROFILES: '',
      POSTHORN_VERSION: 'compose-test',
      GATEWAY_PORT: String(ports.gateway),
      AMQP_PORT: String(ports.amqp),
      AMQP_PORT_2: String(ports['amqp-2']),
      AMQP_PORT_3: String(ports['amqp-3']),
      // The receiver is this process: it listens at this machine's end of the dispatchers' network.
      EGRESS_ALLOW_HTTP: 'true',
      EGRESS_ALLOW_CIDRS: '10.0.0.0/8,172.16.0.0/12,192.168.0.0/16',
      EGRESS_ALLOW_PORTS: '*',
    };
    const posthorn = new ComposedPosthorn({ ...process.env, ...variables, ...settings }, ports);
    await posthorn.stop();
    await posthorn.#compose('build');
    return posthorn;
  }

  /** Resolves when every container is healthy. */
  async up(): Promise<void> {
    await this.#compose('up', '--detach', '--wait', '--scale', 'dispatcher=3');
    this.#apiKey = (await this.#compose('exec', '-T', 'gateway', 'cat', '/run/secrets/api-key')).trim();
  }

  /** The same with three RabbitMQ nodes, the first of them the one that was there. */
  async upAsCluster(): Promise<void> {
    this.#files = clusterFiles;
    await this.up();
  }

  /** Nothing of it is left. */
  async stop(): Promise<void> {
    await this.#compose('down', '--volumes', '--timeout', '1', '--remove-orphans');
  }

  async call<Body = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<Answer<Body>> {
    const response = await fetch(`http://127.0.0.1:${this.ports.gateway}/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#apiKey}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(callDeadlineMs),
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as Body };
  }

  /** Of the broker door of the last RabbitMQ node, as this machine reaches it. */
  async publisherUrl(): Promise<string> {
    const url = new URL(
      (await this.#compose('exec', '-T', 'gateway', 'cat', '/run/secrets/publisher-amqp-url')).trim(),
    );
    url.host = `127.0.0.1:${this.ports[this.#files === clusterFiles ? 'amqp-3' : 'amqp']}`;
    return url.href;
  }

  /** This machine's address in the dispatchers' network. */
  egressAddress(): Promise<string> {
    const format = '{{(index .IPAM.Config 0).Gateway}}';
    return docker('network', 'inspect', '--format', format, `${project}_egress`);
  }

  async containers(service: string): Promise<Container[]> {
    const labels = [
      `label=com.docker.compose.project=${project}`,
      `label=com.docker.compose.service=${service}`,
    ];
    const filters = labels.flatMap((label) => ['--filter', label]);
    const ids = await docker('ps', '--all', '--quiet', ...filters);
    return ids
      .split('\n')
      .filter(Boolean)
      .map((id) => ({ id, service }));
  }

  run(service: string, ...command: readonly string[]): Promise<string> {
    return this.#compose('exec', '-T', service, ...command);
  }

  async #compose(...args: readonly string[]): Promise<string> {
    const options = { env: this.environment, timeout: commandDeadlineMs, maxBuffer: 64 * 1024 * 1024 };
    try {
      const command = ['compose', '--progress', 'quiet', ...this.#files, ...args];
      return (await promisify(execFile)('docker', command, options)).stdout;
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      throw new Error(`docker compose ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
    }
  }
}

/** As if it had crashed: its restart policy starts it again. Resolves when it is healthy again. */
export async function crash({ id, service }: Container): Promise<void> {
  const before = await restartsOf(id);
  // All that it may kill from inside, which is all but what watches over it.
  await docker('exec', id, 'node', '--eval', 'process.kill(-1, "SIGKILL")').catch(() => undefined);
  await look(`${service} to be started again`, async () => (await restartsOf(id)) > before);
  await healthy(id, service);
}

/** A server is the first process of its container and cannot be killed from inside; then no policy applies. */
export async function killAndStart({ id, service }: Container): Promise<void> {
  await docker('kill', id);
  await docker('start', id);
  await healthy(id, service);
}

/** Not synchronous: meanwhile others publish and receive. @returns what it prints. */
export async function docker(...args: readonly string[]): Promise<string> {
  const options = { maxBuffer: 256 * 1024 * 1024, timeout: commandDeadlineMs };
  return (await promisify(execFile)('docker', args, options)).stdout.trim();
}

function healthy(id: string, service: string): Promise<unknown> {
  return look(
    `${service} to be healthy again`,
    async () => (await docker('inspect', '--format', '{{.State.Health.Status}}', id)) === 'healthy',
  );
}

function look(what: string, condition: () => Promise<boolean>): Promise<unknown> {
  const now = async (): Promise<boolean> => (await condition()) || delay(lookEveryMs, false);
  return until(what, now, backDeadlineMs);
}

async function restartsOf(id: string): Promise<number> {
  return Number(await docker('inspect', '--format', '{{.RestartCount}}', id));
}
