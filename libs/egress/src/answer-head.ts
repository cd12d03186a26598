import type { Socket } from 'node:net';
import { AnswerHeadError } from './answer-head.error.js';

/** Long enough for a version, a status of three digits and the byte after it. */
const STATUS_BYTES = 13;
/** Of all heads of one answer, informational ones included. */
const MAX_HEAD_BYTES = 65_536;
const MAX_INFORMATIONAL_BYTES = 16_384;
const statusLine = /^HTTP\/\d\.\d (?<status>\d{3})[ \r\n]/;
const LF = 0x0a;
const CR = 0x0d;
const EMPTY = Buffer.alloc(0);

/**
 * Reads the start of each answer before the HTTP client does. Informational answers (RFC 9110, section 15.2) are
 * removed, requested or not, because undici closes the connection at a 100. A status that no final answer can have is
 * an error of the socket. The final answer and its body pass unchanged.
 */
export class AnswerHead {
  #isExpected = false;
  /** The client has not yet reported the final head. */
  #isOpen = false;
  #held: Buffer = EMPTY;
  #readBytes = 0;

  /** To be called before each request on the connection. */
  expect(): void {
    this.#isExpected = true;
    this.#isOpen = true;
    this.#held = EMPTY;
    this.#readBytes = 0;
  }

  /** To be called when the client has reported the final head. */
  complete(): void {
    this.#isOpen = false;
  }

  /** Whether at least one byte came after the request. */
  get hasBegun(): boolean {
    return this.#readBytes > 0;
  }

  /** Filters what `read` returns: the HTTP client reads by this method alone. */
  attachTo(socket: Socket): void {
    const read = socket.read.bind(socket);
    socket.read = (size?: number): unknown => {
      const chunk: unknown = read(size);
      if (!this.#isOpen || !Buffer.isBuffer(chunk)) return chunk;
      try {
        return this.#pass(chunk);
      } catch (error) {
        socket.destroy(error as Error);
        return null;
      }
    };
  }

  #pass(chunk: Buffer): Buffer | null {
    if (this.#readBytes > MAX_HEAD_BYTES) throw new AnswerHeadError('ANSWER_HEAD_OVERFLOW');
    this.#readBytes += chunk.length;
    return this.#isExpected ? this.#passFinal(chunk) : chunk;
  }

  #passFinal(chunk: Buffer): Buffer | null {
    let searchedBytes = this.#held.length;
    let rest = withoutEmptyLines(searchedBytes === 0 ? chunk : Buffer.concat([this.#held, chunk]));
    for (let status = statusOf(rest); isInformational(status); status = statusOf(rest)) {
      const end = endOfHead(rest, searchedBytes);
      if (end === -1) return this.#hold(rest);
      rest = withoutEmptyLines(rest.subarray(end));
      searchedBytes = 0;
    }
    return isTooShort(rest) ? this.#hold(rest) : this.#release(rest);
  }

  #hold(bytes: Buffer): null {
    if (bytes.length > MAX_INFORMATIONAL_BYTES) throw new AnswerHeadError('ANSWER_HEAD_OVERFLOW');
    this.#held = bytes;
    return null;
  }

  /** What is not a status line passes: the client's parser says what is wrong with it. */
  #release(bytes: Buffer): Buffer {
    if (statusOf(bytes) < 200) throw new AnswerHeadError('ANSWER_STATUS_INVALID');
    this.#isExpected = false;
    this.#held = EMPTY;
    return bytes;
  }
}

/** @returns NaN for what is not a status line, or not yet. */
function statusOf(bytes: Buffer): number {
  return Number(statusLine.exec(bytes.toString('latin1', 0, STATUS_BYTES))?.groups?.['status']);
}

/** 101 is final: it answers an upgrade, and no request here asks for one. */
function isInformational(status: number): boolean {
  return status >= 100 && status < 200 && status !== 101;
}

function isTooShort(bytes: Buffer): boolean {
  if (bytes.length >= STATUS_BYTES) return false;
  return 'HTTP/'.startsWith(bytes.toString('latin1', 0, 'HTTP/'.length));
}

/**
 * Looks at no byte behind the first empty line: many short heads in one chunk take linear time.
 * @returns where the bytes after the first empty line begin, or -1. A line may end without CR (RFC 9112, 2.2).
 */
function endOfHead(bytes: Buffer, searchedBytes: number): number {
  const from = Math.max(0, searchedBytes - 3);
  for (let at = bytes.indexOf(LF, from); at !== -1; at = bytes.indexOf(LF, at + 1)) {
    if (bytes[at + 1] === LF) return at + 2;
    if (bytes[at + 1] === CR && bytes[at + 2] === LF) return at + 3;
  }
  return -1;
}

/** RFC 9112, section 2.2: empty lines before a message are ignored. */
function withoutEmptyLines(bytes: Buffer): Buffer {
  let start = 0;
  while (bytes[start] === CR || bytes[start] === LF) start++;
  return start === 0 ? bytes : bytes.subarray(start);
}
