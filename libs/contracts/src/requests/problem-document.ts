import { Type } from 'class-transformer';
import { IsArray, IsIn, IsInt, IsOptional, IsString, ValidateNested } from 'class-validator';
import { type FieldError, type Problem, type ProblemCode, problemStatus } from '../problem.js';

class ProblemField implements FieldError {
  @IsString() path: string;
  @IsString() message: string;
}

/** An error as a caller is shown it: RFC 9457, `application/problem+json`. */
export class ProblemDocument {
  @IsString() type: string;
  @IsString() title: string;
  @IsInt() status: number;
  @IsIn(Object.keys(problemStatus)) code: ProblemCode;
  @IsString() detail: string;
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => ProblemField) errors?: ProblemField[];
  @IsString() requestId: string;
}

export function problemDocument(problem: Problem, requestId: string): ProblemDocument {
  return {
    type: `urn:posthorn:problem:${problem.code}`,
    title: titleOf(problem.code),
    status: problem.status,
    code: problem.code,
    detail: problem.detail,
    ...(problem.errors && { errors: [...problem.errors] }),
    requestId,
  };
}

/** `validation_failed` → `Validation failed`: RFC 9457 wants one title for each type. */
function titleOf(code: ProblemCode): string {
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
