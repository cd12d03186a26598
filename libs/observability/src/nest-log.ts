import type { LoggerService } from '@nestjs/common';
import type { Log } from './log.js';

type Level = 'error' | 'warn' | 'info' | 'debug';

/** Nest's own lines, and those of what only knows Nest's logger, in our log. */
export class NestLog implements LoggerService {
  constructor(private readonly target: Log) {}

  log(message: unknown, ...rest: unknown[]): void {
    // Nest's start-up chatter: a line per route and module.
    this.#write('debug', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.#write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.#write('warn', message, rest);
  }

  #write(level: Level, message: unknown, rest: readonly unknown[]): void {
    const context = rest.at(-1);
    const fields = typeof context === 'string' ? { context } : {};
    if (message instanceof Error) {
      this.target[level](message.message, { ...fields, stack: message.stack });
    } else if (typeof message === 'object' && message !== null && 'message' in message) {
      const { message: name, ...own } = message;
      this.target[level](String(name), { ...own, ...fields });
    } else {
      this.target[level](String(message), fields);
    }
  }
}
