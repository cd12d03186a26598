import { TenantChanged, topology } from '#libs/contracts';
import { checkHandlers } from './check-handlers.js';

const queues = topology.filter(({ name }) => name === 'gateway.forget-tenant');

describe('an app whose handlers and queues do not fit', () => {
  it('is told which queue has no handler, and what to do', () => {
    expect(() => checkHandlers('gateway', queues, [])).toThrow(
      "No handler for gateway.forget-tenant (tenant.changed.v1). Add one to gateway's module, or remove the queue from topology.ts.",
    );
  });

  it('is told which handler has no queue, and what to do', () => {
    expect(() => checkHandlers('gateway', queues, [TenantChanged.type, 'other.thing.v1'])).toThrow(
      "No queue of gateway takes other.thing.v1. Add one to topology.ts, or remove the handler from gateway's module.",
    );
  });

  it('starts when they fit', () => {
    expect(() => checkHandlers('gateway', queues, [TenantChanged.type])).not.toThrow();
  });
});
