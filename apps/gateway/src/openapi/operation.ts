import type { JsonSchema, ProblemCode } from '#libs/contracts';
import { SetMetadata, type Type } from '@nestjs/common';

const OPERATION = 'posthorn:operation';

/** What an answer carries: one thing of a class, or many of it as `{ data, nextCursor, prevCursor }`. */
export type Shape =
  | Type
  | { readonly list: Type; readonly isPaged: boolean }
  | { readonly mediaType: string; readonly schema: JsonSchema };

export interface BodyShape {
  /** Makes the schema; `refTo` gives that of a class. */
  readonly schema: (refTo: (type: Type) => JsonSchema) => JsonSchema;
  /** One that works. */
  readonly example: unknown;
}

/** What cannot be read from a route itself: the rest of its description comes from its decorators and its classes. */
export interface OperationOptions {
  /** Its name for programs: `createDestination`. It stays as it is; clients are generated from it. */
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  /** What an answer of success carries; absent for one without a body. */
  readonly reply?: Shape;
  /** Where there is more than the one status that Nest's decorators say. */
  readonly status?: readonly number[];
  /** What else it answers, and which is no error. */
  readonly otherReplies?: Readonly<Record<number, Shape>>;
  /** Beside those that every route of its kind has: without a key, with a broken body, while a service is away. */
  readonly problems?: readonly ProblemCode[];
  /** The parameters of its query; those of paging are added where `reply` is a page. */
  readonly query?: Type;
  /** The request's headers: their names, and what they are for. */
  readonly headers?: Readonly<Record<string, JsonSchema>>;
  /** By media type, where it is not a `JsonBodyPipe` that reads the body. */
  readonly body?: Readonly<Record<string, BodyShape>>;
}

/** Describes a route. One that has none of these keeps the gateway from starting. */
export const Operation = (options: OperationOptions): MethodDecorator => SetMetadata(OPERATION, options);

export function operationOf(method: object): OperationOptions | undefined {
  return Reflect.getMetadata(OPERATION, method) as OperationOptions | undefined;
}

/** Some of them, with cursors to the rest: takes `limit` and `cursor`. */
export function pageOf(item: Type): Shape {
  return { list: item, isPaged: true };
}
