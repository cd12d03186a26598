import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { freePorts } from '#libs/servers';
import { type RunningPosthorn, until } from '#libs/testing';

export const hasPrometheus = spawnSync('prometheus', ['--version']).status === 0;

interface Asked {
  readonly error?: string;
  readonly values: readonly string[];
}

interface Options {
  /** Of its folder below `.posthorn/test`. */
  readonly name: string;
  /** The rules as they are tried here, from those in docker/prometheus. */
  readonly rules?: (text: string) => string;
  readonly everyS?: number;
}

/** A real one that scrapes a running Posthorn, as docker/prometheus has it, but for the addresses and the pace. */
export class Prometheus {
  private constructor(
    private readonly process: ChildProcess,
    private readonly url: string,
    private readonly home: string,
  ) {}

  static async start({ run }: RunningPosthorn, options: Options): Promise<Prometheus> {
    const { name, rules = (text: string) => text, everyS = 2 } = options;
    const home = resolve('.posthorn/test', name);
    mkdirSync(home, { recursive: true });
    writeFileSync(
      join(home, 'rules.yml'),
      rules(readFileSync('docker/prometheus/posthorn.rules.yml', 'utf8')),
    );
    const targets = run.services.map(({ metricsUrl }) => new URL(metricsUrl).host);
    const config = {
      global: {
        scrape_interval: `${everyS}s`,
        scrape_timeout: `${everyS}s`,
        evaluation_interval: `${everyS}s`,
      },
      rule_files: [join(home, 'rules.yml')],
      scrape_configs: [{ job_name: 'posthorn', static_configs: [{ targets }] }],
    };
    // JSON is YAML.
    writeFileSync(join(home, 'prometheus.yml'), JSON.stringify(config));
    const { port } = await freePorts(join(home, 'ports.json'), ['port']);
    const flags = [
      `--config.file=${join(home, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(home, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ];
    const started = spawn('prometheus', flags, { stdio: 'ignore' });
    const prometheus = new Prometheus(started, `http://127.0.0.1:${port}`, home);
    await until('Prometheus to be ready', () => prometheus.#isReady(), 60_000);
    return prometheus;
  }

  async ask(query: string): Promise<Asked> {
    const response = await fetch(`${this.url}/api/v1/query?${new URLSearchParams({ query }).toString()}`);
    const { error, data } = (await response.json()) as {
      error?: string;
      data?: { result: { value: [number, string] }[] };
    };
    return { ...(error !== undefined && { error }), values: data?.result.map(({ value }) => value[1]) ?? [] };
  }

  /** The names of the alerts that have fired in the last seconds. */
  fired(withinS: number): Promise<string[]> {
    return this.#alerts(`max_over_time(ALERTS{alertstate="firing"}[${withinS}s])`);
  }

  /** The names of the alerts that fire now. */
  firing(): Promise<string[]> {
    return this.#alerts('ALERTS{alertstate="firing"}');
  }

  async #alerts(which: string): Promise<string[]> {
    const query = new URLSearchParams({ query: `max by (alertname) (${which})` });
    const response = await fetch(`${this.url}/api/v1/query?${query.toString()}`);
    const { data } = (await response.json()) as {
      data: { result: { metric: { alertname: string } }[] };
    };
    return data.result.map(({ metric }) => metric.alertname).toSorted();
  }

  async stop(): Promise<void> {
    this.process.kill();
    if (this.process.exitCode === null) await once(this.process, 'exit');
    rmSync(this.home, { recursive: true, force: true });
  }

  #isReady(): Promise<boolean> {
    return fetch(`${this.url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  }
}
