import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const pollMs = 100;
const defaultAmqpPort = 5672;

export interface Wait {
  /** Completes the sentence "… within 60 s". */
  readonly failure: string;
  readonly deadlineMs: number;
  /** Ends the wait early: what is waited for has ended. */
  readonly gone: Promise<string>;
}

/** Waits for a condition. @throws an error with the reason when the deadline has passed or the server has ended. */
export async function waitUntil(condition: () => Promise<boolean>, wait: Wait): Promise<void> {
  const deadline = Date.now() + wait.deadlineMs;
  let end: string | undefined;
  void wait.gone.then((reason) => (end = reason));
  while (!(await condition())) {
    if (end !== undefined) throw new Error(`${wait.failure}: it ended with ${end}`);
    if (Date.now() > deadline) throw new Error(`${wait.failure} within ${wait.deadlineMs / 1000} s`);
    await sleep(pollMs);
  }
}

export async function tailOf(logFile: string, lines = 20): Promise<string> {
  const text = await readFile(logFile, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}

/** The reason why a server did not start, with what it said last. */
export function startError(cause: unknown, log: string): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Error(`${reason}\n${log}`, { cause });
}

/** Postgres opens the talk (`R`) only when it can serve: while it starts up it answers with an error (`E`). */
export function postgresAnswers(url: string): Promise<boolean> {
  const parameters = Buffer.from('user\0postgres\0\0');
  const hello = Buffer.alloc(8);
  hello.writeInt32BE(hello.length + parameters.length, 0);
  hello.writeInt32BE(3 << 16, 4);
  return answersWith('R', url, Buffer.concat([hello, parameters]));
}

export async function rabbitMqAnswers(amqpUrl: string, managementUrl: string): Promise<boolean> {
  if (!(await amqpAnswers(amqpUrl))) return false;
  try {
    const response = await fetch(`${managementUrl}/api/health/checks/virtual-hosts`, {
      headers: managementHeaders(amqpUrl),
      signal: AbortSignal.timeout(2000),
    });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

/**
 * Headers of a request to RabbitMQ's management API, as the user of this URL: `fetch` refuses a URL that carries one.
 * Each request has a connection of its own. RabbitMQ closes one that is idle for 5 s, and `fetch` does not repeat a
 * PUT or POST that it has just sent into such a connection.
 */
export function managementHeaders(url: string): { authorization: string; connection: string } {
  const { username, password } = new URL(url);
  const login = btoa(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  return { authorization: `Basic ${login}`, connection: 'close' };
}

/** The broker answers the protocol header with a method frame (type 1). */
export function amqpAnswers(url: string): Promise<boolean> {
  return answersWith('\u0001', url, Buffer.from('AMQP\0\0\u0009\u0001', 'latin1'));
}

/** A connection alone proves nothing: Docker's proxy accepts it before the server in the container does. */
function answersWith(expected: string, url: string, hello: Buffer): Promise<boolean> {
  const { hostname: host, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port || defaultAmqpPort), timeout: 1000 });
    const end = (answers: boolean): void => {
      socket.destroy();
      resolve(answers);
    };
    socket.once('connect', () => socket.write(hello));
    socket.once('data', (answer) => end(answer.toString('latin1', 0, 1) === expected));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
  });
}
