import type { ServerResponse } from 'node:http';
import { setInterval } from 'node:timers';

/** What a receiver does once it has the whole request. Write one in place for what is not listed here. */
export type Behaviour = (response: ServerResponse) => void;

interface Answer {
  status?: number;
  headers?: Readonly<Record<string, string>>;
  body?: string | Buffer;
}

export function respond({ status = 200, headers = {}, body = '' }: Answer = {}): Behaviour {
  return (response) => {
    response.writeHead(status, headers).end(body);
  };
}

/** Takes the request and never says a word. */
export function hang(): Behaviour {
  return () => undefined;
}

/** Sends the status line, the headers and this much of a body, and then nothing. */
export function hangInBody({ status = 200, headers = {}, body = 'x' }: Answer = {}): Behaviour {
  return (response) => {
    response.writeHead(status, headers).write(body);
  };
}

/** One byte of the body every `everyMs`, for ever: any timer that starts again with each byte never ends. */
export function trickle({ status = 200, everyMs = 20 } = {}): Behaviour {
  return (response) => {
    response.writeHead(status);
    repeat(response, everyMs, () => response.write('x'));
  };
}

/** Informational answers for ever, and never a final one. */
export function informationalForEver({ status = 103, everyMs = 5 } = {}): Behaviour {
  return (response) => {
    repeat(response, everyMs, () =>
      response.socket?.write(`HTTP/1.1 ${status} Hold on\r\nlink: </x>\r\n\r\n`),
    );
  };
}

/** As much body as the other side is ready to take. */
export function endlessBody({ status = 200 } = {}): Behaviour {
  const block = Buffer.alloc(16_384, 'x');
  return (response) => {
    response.writeHead(status);
    const fill = () => {
      while (!response.destroyed && response.write(block));
    };
    response.on('drain', fill);
    fill();
  };
}

/** Drops the connection with a TCP reset instead of answering. */
export function reset(): Behaviour {
  return (response) => {
    response.socket?.resetAndDestroy();
  };
}

/** Sends the status line and a part of the announced body, and then resets. */
export function resetInBody({ status = 200 } = {}): Behaviour {
  return (response) => {
    response.writeHead(status, { 'content-length': '1000' });
    response.write('half', () => response.socket?.resetAndDestroy());
  };
}

/** These bytes as they are, in place of HTTP made by Node; then the end of the connection. */
export function raw(bytes: string | Buffer): Behaviour {
  return (response) => {
    response.socket?.end(bytes);
  };
}

function repeat(response: ServerResponse, everyMs: number, action: () => void): void {
  const timer = setInterval(action, everyMs);
  response.on('close', () => clearInterval(timer));
}
