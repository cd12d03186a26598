import { LogThrottle } from '#libs/observability';
import type { LoggerService } from '@nestjs/common';

interface Fields {
  readonly reason: string;
  readonly retryInMs?: number;
}

/** Lines about messages, of which any number may come: one per minute for a reason, with the number of messages. */
export class QueueLog {
  readonly #throttle = new LogThrottle();

  constructor(private readonly logger: LoggerService) {}

  warn(message: string, queue: string, fields: Fields): void {
    const line = this.#line(message, queue, fields);
    if (line) this.logger.warn(line);
  }

  error(message: string, queue: string, fields: Fields): void {
    const line = this.#line(message, queue, fields);
    if (line) this.logger.error(line);
  }

  #line(message: string, queue: string, fields: Fields): object | undefined {
    const count = this.#throttle.admit(`${message} ${queue} ${fields.reason}`);
    return count === undefined ? undefined : { message, queue, ...fields, count };
  }
}
