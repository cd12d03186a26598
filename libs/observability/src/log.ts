import { createLogger, format, type Logger, transports } from 'winston';

type Fields = Readonly<Record<string, unknown>>;

/** One line per unit of work: a fixed name, then the fields that can be searched. */
export class Log {
  readonly #logger: Logger;

  constructor(options: { service: string; level: string; format: string }) {
    this.#logger = createLogger({
      level: options.level,
      defaultMeta: { service: options.service },
      format: format.combine(format.timestamp(), options.format === 'pretty' ? pretty() : format.json()),
      transports: [new transports.Console()],
    });
  }

  error(name: string, fields: Fields = {}): void {
    this.#logger.error(name, fields);
  }

  warn(name: string, fields: Fields = {}): void {
    this.#logger.warn(name, fields);
  }

  info(name: string, fields: Fields = {}): void {
    this.#logger.info(name, fields);
  }

  debug(name: string, fields: Fields = {}): void {
    this.#logger.debug(name, fields);
  }
}

function pretty() {
  return format.printf(({ timestamp, level, message, service, ...fields }) => {
    const rest = Object.entries(fields).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
    return [String(timestamp).slice(11, 23), level.padEnd(5), String(service), String(message), ...rest].join(
      ' ',
    );
  });
}
