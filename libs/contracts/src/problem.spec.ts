import { Problem, problemLimits } from './problem.js';
import { problemDocument } from './requests/problem-document.js';

const long = '𝄞'.repeat(10_000);
const errors = Array.from({ length: 100 }, () => ({ path: long, message: long }));

describe('a problem', () => {
  it.each([
    ['that was made here', new Problem('validation_failed', long, errors)],
    ['of another realm', { code: 'validation_failed', detail: long, errors } as const],
  ])('%s is bounded, whatever is wrong', (_what, problem) => {
    const document = problemDocument(problem, 'req_1');
    expect(document.errors).toHaveLength(problemLimits.errors);
    expect(document.detail.length).toBeLessThanOrEqual(problemLimits.detail);
    for (const { path, message } of document.errors ?? []) {
      expect([path.length, message.length]).toEqual([problemLimits.path, problemLimits.message]);
      expect([path.isWellFormed(), path.endsWith('…')]).toEqual([true, true]);
    }
  });

  it('keeps short texts as they are', () => {
    const problem = new Problem('not_found', 'There is no such tenant.', [{ path: 'a', message: 'b' }]);
    expect([problem.detail, problem.errors]).toEqual([
      'There is no such tenant.',
      [{ path: 'a', message: 'b' }],
    ]);
  });
});
