import type { MessageType } from '#libs/contracts';
import { EventPattern, MessagePattern } from '@nestjs/microservices';

/** How a queue is consumed; carried by Nest as the pattern's extras. */
export interface HandlerOptions {
  /** Messages handled at once by one that takes them singly; for partitioned queues, by each partition. */
  readonly concurrency?: number;
  /** The handler takes an array of up to this many messages. */
  readonly batchSize?: number;
  /** How long to wait for a batch to fill, asked before each; by default only while the last one is worked on. */
  readonly batchWaitMs?: number | (() => number);
  /** How old a message has to be before it is in a batch: for what is less work after another message. */
  readonly batchAgeMs?: number;
  /** A handler that takes longer is taken to hang. */
  readonly timeoutMs?: number;
}

/** `@EventPattern(Message.type, options)`, with the options checked by the compiler. */
export function OnMessage(type: MessageType, options: HandlerOptions = {}): MethodDecorator {
  return EventPattern<string>(type.type, options);
}

/** A handler of batches: its payload is an array, it may return an outcome for each. */
export function OnBatch(type: MessageType, options: HandlerOptions & { batchSize: number }): MethodDecorator {
  return EventPattern<string>(type.type, options);
}

/** `@MessagePattern(Request.type)`: what the method returns is the reply, a Problem it throws reaches the asker. */
export function OnRequest(type: MessageType, options: HandlerOptions = {}): MethodDecorator {
  return MessagePattern<string>(type.type, options);
}
