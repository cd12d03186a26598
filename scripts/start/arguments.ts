export interface StartArguments {
  readonly detach: boolean;
  readonly clean: boolean;
  readonly help: boolean;
}

export const usage = `Starts Postgres, RabbitMQ and every service of Posthorn, and stops them on Ctrl-C.

  npm start                 in the foreground
  npm start -- --detach     returns when everything is ready; npm stop ends it
  npm start -- --clean      forgets the data of earlier runs first
  npm start -- --help       this text

Used when set: DATABASE_URL, RABBITMQ_URL (with RABBITMQ_MANAGEMENT_URL), POSTHORN_INFRASTRUCTURE=docker|native,
GATEWAY_PORT, POSTHORN_STATE_DIR (.posthorn: another directory is another Posthorn), POSTHORN_SCALE (gateway=2,router=3:
several processes of a service), and every variable of the services.`;

const flags = { '--detach': 'detach', '--clean': 'clean', '--help': 'help' } as const;

/** @throws an error that names the flag which is not known. */
export function parseArguments(args: readonly string[]): StartArguments {
  const parsed = { detach: false, clean: false, help: false };
  for (const arg of args) {
    if (!isFlag(arg))
      throw new Error(`Unknown argument "${arg}". Known are ${Object.keys(flags).join(', ')}.`);
    parsed[flags[arg]] = true;
  }
  return parsed;
}

function isFlag(arg: string): arg is keyof typeof flags {
  return Object.hasOwn(flags, arg);
}
