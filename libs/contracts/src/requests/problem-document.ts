import { Type } from 'class-transformer';
import { IsArray, IsIn, IsInt, IsString, ValidateNested } from 'class-validator';
import { Describe, OrAbsent } from '../describe.js';
import {
  boundedErrors,
  type FieldError,
  type Problem,
  type ProblemCode,
  problemLimits,
  problemStatus,
  shortened,
} from '../problem.js';

class ProblemField implements FieldError {
  @Describe('Where.', { examples: ['url', 'metadata.colour'] }) @IsString() path: string;
  @IsString() message: string;
}

@Describe('An error, as of RFC 9457.', { title: 'Problem' })
export class ProblemDocument {
  @Describe('The code as a URN.') @IsString() type: string;
  @IsString() title: string;
  @IsInt() status: number;
  @Describe('What a program goes by.') @IsIn(Object.keys(problemStatus)) code: ProblemCode;
  @Describe('What a person goes by.') @IsString() detail: string;
  @Describe('What is wrong where.')
  @OrAbsent()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ProblemField)
  errors?: ProblemField[];
  @Describe('Under this the log tells of it.') @IsString() requestId: string;
}

@Describe(
  'Why one event of a batch was not accepted: a problem, or its `status` and `code` alone where the answer is too large for more.',
)
export class BatchProblem {
  @IsInt() status: number;
  @IsIn(Object.keys(problemStatus)) code: ProblemCode;
  @OrAbsent() @IsString() type?: string;
  @OrAbsent() @IsString() title?: string;
  @OrAbsent() @IsString() detail?: string;
  @OrAbsent()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ProblemField)
  errors?: ProblemField[];
  @OrAbsent() @IsString() requestId?: string;
}

/** What a caller receives: within `problemLimits`, wherever the problem comes from. */
export function problemDocument(
  problem: Pick<Problem, 'code' | 'detail' | 'errors'>,
  requestId: string,
): ProblemDocument {
  return {
    type: `urn:posthorn:problem:${problem.code}`,
    title: titleOf(problem.code),
    status: problemStatus[problem.code],
    code: problem.code,
    detail: shortened(problem.detail, problemLimits.detail),
    ...(problem.errors && { errors: boundedErrors(problem.errors) }),
    requestId,
  };
}

/** `validation_failed` → `Validation failed`: RFC 9457 wants one title for each type. */
function titleOf(code: ProblemCode): string {
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
