import {
  type BatchResult,
  isProblem,
  type Problem,
  problemDocument,
  type PublishedEvent,
} from '#libs/contracts';
import { Turns } from './turns.js';

/** An answer of any kind is no larger than this and twice the request. */
const baseBytes = 64 * 1024;
/** The brackets of the answer, and the comma after each result. */
const frameBytes = 16;
const commaBytes = 1;

interface Request {
  readonly id: string;
  readonly bytes: number;
}

/**
 * The results of a batch as its answer states them. The problems of a batch that is wrong throughout can be many times
 * larger than the batch: as soon as the answer has no room for another whole one, problems have `status` and `code` alone.
 */
export async function answerBatch(
  results: readonly (PublishedEvent | Problem)[],
  request: Request,
): Promise<BatchResult[]> {
  const briefs = results.map(briefResult);
  let room = baseBytes + 2 * request.bytes - frameBytes - sum(briefs.map(bytesOf));
  const turns = new Turns();
  const answers: BatchResult[] = [];
  for (const [index, result] of results.entries()) {
    const brief = briefs[index] ?? {};
    if (!isProblem(result)) {
      answers.push(brief);
      continue;
    }
    await turns.pause();
    const whole = { error: problemDocument(result, request.id) };
    const more = bytesOf(whole) - bytesOf(brief);
    answers.push(more <= room ? whole : brief);
    if (more <= room) room -= more;
  }
  return answers;
}

function briefResult(result: PublishedEvent | Problem): BatchResult {
  if (!isProblem(result)) return { id: result.id };
  const { status, code } = problemDocument(result, '');
  return { error: { status, code } };
}

function bytesOf(result: BatchResult): number {
  return Buffer.byteLength(JSON.stringify(result)) + commaBytes;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
