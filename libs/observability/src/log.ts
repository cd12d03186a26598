import { version } from '#libs/contracts';
import { ecsFormat } from '@elastic/ecs-winston-format';
import { createLogger, format, type Logger, transports } from 'winston';
import { ecsFields, withoutSecrets } from './ecs-fields.js';
import { tracing } from './tracing/tracing.js';

type Fields = Readonly<Record<string, unknown>>;

/** One line per unit of work: a fixed name, then the fields that can be searched. */
export class Log {
  readonly #logger: Logger;
  /** winston writes a line before it looks whether anybody wants it. */
  readonly #isDebugging: boolean;

  constructor(options: { service: string; level: string; format: string }) {
    this.#logger = createLogger({
      level: options.level,
      format: options.format === 'pretty' ? pretty(options.service) : forMachines(options.service),
      transports: [new transports.Console()],
    });
    this.#isDebugging = this.#logger.isDebugEnabled();
  }

  error(name: string, fields: Fields = {}): void {
    this.#logger.error(name, withTrace(fields));
  }

  warn(name: string, fields: Fields = {}): void {
    this.#logger.warn(name, withTrace(fields));
  }

  info(name: string, fields: Fields = {}): void {
    this.#logger.info(name, withTrace(fields));
  }

  debug(name: string, fields: Fields = {}): void {
    if (this.#isDebugging) this.#logger.debug(name, withTrace(fields));
  }
}

/** Where there is a trace, the line says which. */
function withTrace(fields: Fields): Fields {
  const current = tracing()?.current;
  return current ? { traceId: current.traceId, spanId: current.spanId, ...fields } : fields;
}

/** ECS of Elastic: `@timestamp`, `log.level`, `service.name`, and our fields under its names. */
function forMachines(service: string) {
  const named = format((info) => {
    const { level, message, ...fields } = info;
    return {
      ...onlySymbols(info),
      level,
      message: withoutSecrets(message),
      ...ecsFields(String(message), Object.fromEntries(Object.entries(fields))),
    };
  });
  return format.combine(
    named(),
    ecsFormat({ apmIntegration: false, serviceName: service, serviceVersion: version }),
  );
}

/** What winston itself hands from one format to the next. */
function onlySymbols(info: object): object {
  return Object.fromEntries(
    Object.getOwnPropertySymbols(info).map((symbol) => [symbol, Reflect.get(info, symbol) as unknown]),
  );
}

function pretty(service: string) {
  return format.combine(
    format.timestamp(),
    format.printf(({ timestamp, level, message, ...fields }) => {
      const rest = Object.entries(fields).map(
        ([name, value]) => `${name}=${JSON.stringify(withoutSecrets(value))}`,
      );
      return [
        String(timestamp).slice(11, 23),
        level.padEnd(5),
        service,
        String(withoutSecrets(message)),
        ...rest,
      ].join(' ');
    }),
  );
}
