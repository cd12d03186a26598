import type { Socket } from 'node:net';
import { AnswerHead } from './answer-head.js';

const final = 'HTTP/1.1 200 OK\r\n\r\n';

/** What is left of one chunk, and the processor time that it took in ms, the least of five times. */
function passed(chunk: Buffer): { rest: string; usedMs: number } {
  const head = new AnswerHead();
  const socket = { read: () => chunk, destroy: () => undefined } as unknown as Socket;
  head.attachTo(socket);
  let rest: unknown;
  const times = Array.from({ length: 5 }, () => {
    head.expect();
    const before = process.cpuUsage();
    rest = socket.read();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return { rest: String(rest), usedMs: Math.min(...times) };
}

describe('the head of an answer', () => {
  it.each([
    ['with CR', 'HTTP/1.1 103 X\r\n\r\n'],
    ['without CR', 'HTTP/1.1 103 X\n\n'],
  ])('is found behind thousands of informational answers in linear time: lines %s', (_, early) => {
    const { rest, usedMs } = passed(Buffer.from(early.repeat(3600) + final));
    expect(rest).toBe(final);
    // In quadratic time it takes 80 ms and more.
    expect(usedMs).toBeLessThan(30);
  });
});
