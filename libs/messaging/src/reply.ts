import { Problem } from '#libs/contracts';

/** A reply's body: a result, or the problem in its place. */
export type Reply =
  | { readonly result: unknown }
  | { readonly problem: Pick<Problem, 'code' | 'detail' | 'errors'> };

export function encodeReply(reply: Reply): Buffer {
  return Buffer.from(JSON.stringify(reply));
}

/** Reads a reply; undefined if its body is not one. */
export function decodeReply(body: Buffer): Reply | undefined {
  const reply = parse(body);
  if (!isObject(reply)) return undefined;
  if (!('problem' in reply)) return 'result' in reply ? { result: reply['result'] } : undefined;
  return isProblemBody(reply['problem']) ? { problem: reply['problem'] } : undefined;
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

function isProblemBody(problem: unknown): problem is Pick<Problem, 'code' | 'detail' | 'errors'> {
  if (!isObject(problem)) return false;
  const { code, detail, errors } = problem;
  const isList = errors === undefined || (Array.isArray(errors) && errors.every(isObject));
  return typeof code === 'string' && typeof detail === 'string' && isList;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
