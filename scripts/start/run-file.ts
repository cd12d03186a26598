import { rmSync } from 'node:fs';
import { type Kind, writeFileAtomically } from '#libs/servers';
import type { ServiceProcess } from './scale.js';
import { type ServiceName, services } from './services.js';

/** `.posthorn/run.json`: what other programs may know of a running Posthorn. It exists only while all of it is true. */
export interface RunDocument extends Addresses {
  readonly services: readonly (ServiceEntry & { readonly name: ServiceName })[];
  readonly infrastructure: Readonly<Record<ServerName, ServerEntry>>;
}

export interface Addresses {
  readonly apiUrl: string;
  readonly apiKey: string;
  /** An administrator's, as `databaseUrl` is. */
  readonly amqpUrl: string;
  /** May write to exchange `posthorn.ingest` and nothing else. */
  readonly publisherAmqpUrl: string;
  readonly databaseUrl: string;
  /** Null if an external RabbitMQ came without. User and password are those of `amqpUrl`. */
  readonly rabbitmqManagementUrl: string | null;
}

export interface ServiceEntry {
  readonly pid: number;
  readonly metricsUrl: string;
  /** Of a gateway: each has a port of its own. The first one's is the document's `apiUrl`, too. */
  readonly apiUrl?: string;
}

export const serverNames = ['rabbitmq', 'postgres'] as const;
export type ServerName = (typeof serverNames)[number];

export interface ServerEntry {
  readonly kind: Kind | 'external';
  readonly pid?: number;
  readonly containerId?: string;
}

export class RunFile {
  readonly #services = new Map<string, ServiceProcess & ServiceEntry>();
  readonly #infrastructure: Record<ServerName, ServerEntry> = {
    rabbitmq: { kind: 'external' },
    postgres: { kind: 'external' },
  };
  #addresses: Addresses | undefined;

  constructor(private readonly file: string) {}

  setService(process: ServiceProcess, entry: ServiceEntry): void {
    this.#services.set(process.name, { ...process, ...entry });
    this.#write();
  }

  setServer(name: ServerName, { kind, pid, containerId }: ServerEntry): void {
    this.#infrastructure[name] = {
      kind,
      ...(pid !== undefined && { pid }),
      ...(containerId !== undefined && { containerId }),
    };
    this.#write();
  }

  /** From here on the file exists, and follows every change. */
  publish(addresses: Addresses): RunDocument {
    this.#addresses = addresses;
    this.#write();
    return this.#document(addresses);
  }

  withdraw(): void {
    this.#addresses = undefined;
    rmSync(this.file, { force: true });
  }

  #write(): void {
    if (this.#addresses === undefined) return;
    writeFileAtomically(this.file, `${JSON.stringify(this.#document(this.#addresses), null, 2)}\n`);
  }

  #document(addresses: Addresses): RunDocument {
    return {
      ...addresses,
      services: services.flatMap(({ name }) =>
        [...this.#services.values()]
          .filter(({ service }) => service === name)
          .toSorted((one, other) => one.number - other.number)
          .map(({ pid, metricsUrl, apiUrl }) => ({
            name,
            pid,
            metricsUrl,
            ...(apiUrl !== undefined && { apiUrl }),
          })),
      ),
      infrastructure: this.#infrastructure,
    };
  }
}
