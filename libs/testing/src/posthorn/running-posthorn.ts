import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { freePorts } from '#libs/servers';
import { connect, type Options } from 'amqplib';

/** One process; a service that is scaled has several entries of its name. */
export interface ServiceEntry {
  readonly name: string;
  readonly pid: number;
  readonly metricsUrl: string;
  /** Of a gateway. */
  readonly apiUrl?: string;
}

/** What `npm start` tells of itself in run.json. */
export interface RunDocument {
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly amqpUrl: string;
  readonly publisherAmqpUrl: string;
  readonly databaseUrl: string;
  readonly rabbitmqManagementUrl: string;
  readonly services: readonly ServiceEntry[];
  readonly infrastructure: {
    readonly [Server in 'rabbitmq' | 'postgres']: { kind: string; pid?: number; containerId?: string };
  };
}

/** A destination as its creation answers it, in short. */
export interface Subscribed {
  readonly id: string;
  readonly secret?: string;
}

export interface Answer<Body = unknown> {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed, where it is JSON of any kind. */
  readonly body: Body;
}

const callDeadlineMs = 15_000;
const commandDeadlineMs = 180_000;
const serverFaults = {
  freeze: { command: 'pause', signal: 'SIGSTOP' },
  thaw: { command: 'unpause', signal: 'SIGCONT' },
  kill: { command: 'kill', signal: 'SIGKILL' },
} as const;

/** A whole Posthorn with servers of its own, started as a user starts it. What it leaves is in `.posthorn/test/<name>`. */
export class RunningPosthorn {
  /** Whom `call` asks: the first gateway, unless a test with several of them balances. */
  chooseGateway = (): string => this.run.apiUrl;

  private constructor(
    private readonly environment: NodeJS.ProcessEnv,
    /** Where its logs and its run.json are. */
    readonly directory: string,
    private readonly root: string,
  ) {}

  /** Begins with no data. `environment` is on top of this process' own, `root` has the build. */
  static async start(
    name: string,
    environment: Readonly<Record<string, string>> = {},
    root = resolve('.'),
  ): Promise<RunningPosthorn> {
    const directory = resolve('.posthorn', 'test', name);
    await mkdir(directory, { recursive: true });
    const { gateway } = await freePorts(join(directory, 'gateway-port.json'), ['gateway']);
    const settings = { POSTHORN_STATE_DIR: directory, GATEWAY_PORT: String(gateway), ...environment };
    const posthorn = new RunningPosthorn({ ...process.env, ...settings }, directory, root);
    await posthorn.#run('start', '--detach', '--clean');
    return posthorn;
  }

  /** As it is now: a process that was started again has another number. */
  get run(): RunDocument {
    return JSON.parse(readFileSync(join(this.directory, 'run.json'), 'utf8')) as RunDocument;
  }

  /** The first process of a service. @throws if there is none. */
  service(name: string): ServiceEntry {
    const entry = this.run.services.find((one) => one.name === name);
    if (!entry) throw new Error(`No ${name} is running.`);
    return entry;
  }

  /** Stops all of it, and forgets its data. */
  async stop(): Promise<void> {
    await this.#run('stop', '--clean');
  }

  /**
   * One call of the API: `call('POST', '/tenants/a/events', { … })`. A string or bytes are sent as they are.
   * @throws if there is no answer within 15 s.
   */
  async call<Body = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer<Body>> {
    const { apiKey } = this.run;
    const response = await fetch(`${this.chooseGateway()}/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: isSentAsItIs(body) ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(callDeadlineMs),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return {
      status: response.status,
      headers: response.headers,
      body: (isJson ? JSON.parse(text) : text) as Body,
    };
  }

  /** Makes a destination: `subscribe('a', { url, eventTypes })`. @throws unless it is made. */
  async subscribe<Body extends Subscribed = Subscribed>(tenantId: string, input: object): Promise<Body> {
    return this.#done(201, await this.call<Body>('POST', `/tenants/${tenantId}/destinations`, input));
  }

  /** Publishes over HTTP. @returns the event's id. @throws unless it is accepted. */
  async publish(tenantId: string, event: object | string): Promise<string> {
    const answer = await this.call<{ id: string }>('POST', `/tenants/${tenantId}/events`, event);
    return this.#done(202, answer).id;
  }

  /** Publishes through the broker door, as a publisher's own user. Resolves when the broker has confirmed. */
  async publishOverAmqp(tenantId: string, body: string, properties: Options.Publish = {}): Promise<void> {
    const connection = await connect(this.run.publisherAmqpUrl);
    try {
      const channel = await connection.createConfirmChannel();
      channel.publish('posthorn.ingest', tenantId, Buffer.from(body), { persistent: true, ...properties });
      await channel.waitForConfirms();
    } finally {
      await connection.close();
    }
  }

  /** The broker keeps its connections and says nothing. */
  freezeBroker(): void {
    this.#to('rabbitmq', 'freeze');
  }

  thawBroker(): void {
    this.#to('rabbitmq', 'thaw');
  }

  /** As a power cut would; `npm start` starts it again. */
  killBroker(): void {
    this.#to('rabbitmq', 'kill');
  }

  freezeDatabase(): void {
    this.#to('postgres', 'freeze');
  }

  thawDatabase(): void {
    this.#to('postgres', 'thaw');
  }

  killDatabase(): void {
    this.#to('postgres', 'kill');
  }

  #done<Body>(expected: number, { status, body }: Answer<Body>): Body {
    if (status === expected) return body;
    throw new Error(`answered ${status}, not ${expected}: ${JSON.stringify(body)}`);
  }

  #to(server: 'rabbitmq' | 'postgres', what: keyof typeof serverFaults): void {
    const { pid, containerId } = this.run.infrastructure[server];
    const { command, signal } = serverFaults[what];
    if (containerId !== undefined) execFileSync('docker', [command, containerId]);
    else if (pid !== undefined) sendToAll(pid, signal);
    else throw new Error(`The ${server} of this Posthorn is not its own.`);
  }

  /** As `npm start` and `npm stop` do, on what is built. */
  async #run(script: 'start' | 'stop', ...args: readonly string[]): Promise<void> {
    const main = join(this.root, 'dist', 'scripts', script, 'main.js');
    const options = { env: this.environment, cwd: this.root, timeout: commandDeadlineMs };
    try {
      await promisify(execFile)(process.execPath, ['--enable-source-maps', main, ...args], options);
    } catch (error) {
      const { code, stdout, stderr } = error as { code: unknown; stdout: string; stderr: string };
      throw new Error(`${script} ended with ${String(code)}:\n${stdout}${stderr}`, { cause: error });
    }
  }
}

function isSentAsItIs(body: unknown): body is string | Uint8Array<ArrayBuffer> {
  return typeof body === 'string' || body instanceof Uint8Array;
}

/** A process and its children: Postgres answers with one for each connection, and those would go on. */
function sendToAll(pid: number, signal: NodeJS.Signals): void {
  const { stdout } = spawnSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' });
  for (const one of [pid, ...stdout.split('\n').filter(Boolean).map(Number)]) {
    try {
      process.kill(one, signal);
    } catch {
      // It has ended in the meantime.
    }
  }
}
