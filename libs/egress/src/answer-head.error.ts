/** The start of an answer is too long, or has a status that no final answer can have. */
export class AnswerHeadError extends Error {
  override readonly name = 'AnswerHeadError';

  constructor(readonly code: 'ANSWER_HEAD_OVERFLOW' | 'ANSWER_STATUS_INVALID') {
    super('The endpoint sent no acceptable start of an HTTP answer.');
  }
}
