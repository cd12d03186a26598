import { Catch, type ExceptionFilter } from '@nestjs/common';

/** Nest turns what a message handler throws into "Internal server error" before a transport sees it; ours needs the cause. */
@Catch()
export class RethrowFilter implements ExceptionFilter {
  catch(error: unknown): never {
    throw error;
  }
}
