/** A real RabbitMQ or Postgres that runs on this machine for development or tests, and answers. */
export interface Server {
  readonly kind: Kind;
  /** With the administrator's user and password. */
  readonly url: string;
  /** RabbitMQ's HTTP API, without user and password: they are those of `url`. */
  readonly managementUrl?: string;
  readonly pid?: number;
  readonly containerId?: string;
  /** Settles with the reason when the server has ended, whoever ended it. */
  readonly gone: Promise<string>;
  /** Ends it in good order; its data stays. */
  stop(): Promise<void>;
}

export type Kind = 'docker' | 'native';

export interface ServerSettings {
  /** Where the data is kept; a container and its volume are named after it. */
  readonly directory: string;
  readonly logFile: string;
  readonly user: string;
  readonly password: string;
  /** For tests: a native server starts and stops quicker, and its data need not survive. */
  readonly isThrowaway?: boolean;
}

export interface PostgresSettings extends ServerSettings {
  readonly ports: { readonly postgres: number };
}

export interface RabbitMqSettings extends ServerSettings {
  readonly ports: RabbitMqPorts;
}

export interface RabbitMqPorts {
  readonly amqp: number;
  readonly management: number;
  /** These three are for a native node; in a container they are the image's own. */
  readonly prometheus: number;
  readonly distribution: number;
  readonly epmd: number;
}

/** What a server needs of whoever starts it. */
export interface Surroundings {
  /** The PATH to look for programs in. */
  readonly searchPath: string;
  /** Tells the user what takes long. */
  readonly say: (line: string) => void;
  /** Hears of each process and container as soon as there is one, so that it can be ended whatever happens next. */
  readonly onStarted?: (started: Started) => void;
}

export type Started =
  | {
      readonly kind: 'process';
      readonly name: string;
      readonly process: ProcessId;
      readonly signal: NodeJS.Signals;
    }
  | { readonly kind: 'container'; readonly name: string; readonly container: string };

/** A process number is used again and again; with its time of birth it names one process for ever. */
export interface ProcessId {
  readonly pid: number;
  readonly bornAt: string;
}
