export { AmqpClient } from './amqp-client.js';
export { AmqpServer } from './amqp-server.js';
export { backoffMs } from './backoff.js';
export { flatten } from './codec.js';
export { isMarkedTransient, messageOf } from './errors.js';
export { OnBatch, OnMessage, OnRequest } from './handlers.js';
export { MessagingModule } from './messaging.module.js';
export { type Outcome, park } from './outcome.js';
export { RethrowFilter } from './rethrow.filter.js';
