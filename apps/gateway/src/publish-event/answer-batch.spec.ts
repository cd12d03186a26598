import { Problem } from '#libs/contracts';
import { answerBatch } from './answer-batch.js';

const id = 'req_9b2f6f0e-8f0c-4a43-9a3f-2f6d8d3c1f10';
const wrong = new Problem(
  'validation_failed',
  'The event is not as it must be.',
  Array.from({ length: 30 }, (_, index) => ({ path: `name${index}`, message: 'x'.repeat(600) })),
);
const accepted = { id: 'evt_1', type: 'a.b', timestamp: '2026-01-01T00:00:00Z' };

const sizeOf = (data: unknown): number => Buffer.byteLength(JSON.stringify({ data }));

describe('the answer to a batch', () => {
  it('has the whole problem of each event that was refused, in order', async () => {
    const answer = await answerBatch([accepted, wrong], { id, bytes: 1000 });
    expect(answer).toMatchObject([
      { id: 'evt_1' },
      { error: { status: 422, code: 'validation_failed', requestId: id, detail: wrong.detail } },
    ]);
    expect(answer[1]?.error?.errors).toHaveLength(20);
  });

  it.each([2000, 100_000, 8_000_000])('to %d bytes is within 64 KiB and twice as many', async (bytes) => {
    const answer = await answerBatch(
      Array.from({ length: 1000 }, () => wrong),
      { id, bytes },
    );
    expect(sizeOf(answer)).toBeLessThanOrEqual(64 * 1024 + 2 * bytes);
    expect(answer.every(({ error }) => error?.status === 422 && error.code === wrong.code)).toBe(true);
  });
});
