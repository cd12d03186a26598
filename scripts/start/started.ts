import { readFileSync, rmSync } from 'node:fs';
import { endProcess, isRunning, type Started, endContainer, writeFileAtomically } from '#libs/servers';

const serviceGraceMs = 30_000;
/** Both survive being killed; RabbitMQ does not listen at all while it boots. */
const serverGraceMs = 15_000;
/** In this order, one after the other; everything else, the services, goes before them and at once. */
const last = ['rabbitmq', 'epmd', 'postgres'];

/**
 * Notes on disk everything that was started, before it is used. So one way of ending it all serves Ctrl-C, a start that
 * failed half way, and a supervisor that was killed and left everything behind.
 */
export class StartedThings {
  constructor(private readonly file: string) {}

  add(started: Started): void {
    this.#write([...this.#read().filter(({ name }) => name !== started.name), started]);
  }

  /** Ends everything. Returns the names of what was still running. */
  async end(): Promise<string[]> {
    const ended: string[] = [];
    // Whatever was being started in this moment has noted itself by the time the rest has ended.
    for (let running = await this.#running(); running.length > 0; running = await this.#running()) {
      ended.push(...running.map(({ name }) => name));
      await Promise.all(running.filter(({ name }) => !last.includes(name)).map(endOne));
      for (const name of last)
        await Promise.all(running.filter((started) => started.name === name).map(endOne));
      this.#forgetContainers();
    }
    rmSync(this.file, { force: true });
    return ended;
  }

  async #running(): Promise<Started[]> {
    const started = this.#read();
    const flags = await Promise.all(started.map(mayRun));
    return started.filter((_, index) => flags[index]);
  }

  /** A container is asked to stop once: unlike a process it need not be there to be named. */
  #forgetContainers(): void {
    this.#write(this.#read().filter(({ kind }) => kind !== 'container'));
  }

  #read(): Started[] {
    try {
      return JSON.parse(readFileSync(this.file, 'utf8')) as Started[];
    } catch {
      return [];
    }
  }

  #write(started: readonly Started[]): void {
    writeFileAtomically(this.file, `${JSON.stringify(started, null, 2)}\n`);
  }
}

async function mayRun(started: Started): Promise<boolean> {
  return started.kind === 'container' || isRunning(started.process);
}

function endOne(started: Started): Promise<void> {
  return started.kind === 'container'
    ? endContainer(started.container)
    : endProcess(
        started.process,
        started.signal,
        last.includes(started.name) ? serverGraceMs : serviceGraceMs,
      );
}
