interface Asked<Question, Answer> {
  readonly question: Question;
  readonly waiting: PromiseWithResolvers<Answer>;
}

/**
 * Everyone who asks in the same turn of the event loop shares one look-up. Its answers are given in the order of the
 * questions; if it fails, it fails for all of them.
 */
export function together<Question, Answer>(
  lookUp: (questions: readonly Question[]) => Promise<(question: Question) => Answer>,
): (question: Question) => Promise<Answer> {
  let asked: Asked<Question, Answer>[] = [];
  const answer = async (): Promise<void> => {
    const all = asked;
    asked = [];
    try {
      const answerTo = await lookUp(all.map(({ question }) => question));
      for (const { question, waiting } of all) waiting.resolve(answerTo(question));
    } catch (error) {
      for (const { waiting } of all) waiting.reject(error);
    }
  };
  return (question) => {
    if (asked.length === 0) setImmediate(() => void answer());
    const waiting = Promise.withResolvers<Answer>();
    asked.push({ question, waiting });
    return waiting.promise;
  };
}
