/** A RabbitMQ and a Postgres for one run of tests. Both begin empty, and nothing of them is left after `stop`. */
export interface TestServers {
  readonly kind: 'docker' | 'native';
  /** An administrator's. */
  readonly amqpUrl: string;
  /** RabbitMQ's HTTP API; user and password are those of `amqpUrl`. */
  readonly managementUrl: string;
  /** An administrator's. */
  readonly databaseUrl: string;
  stop(): Promise<void>;
}
