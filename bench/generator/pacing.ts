import { destinationsPerTenant, type EventName } from '../load/event-names.js';
import type { Plan } from './plan.js';

/** The events of the publish numbered so: one, or a batch for one tenant. The tenants take turns. */
export function eventsOf(plan: Plan, publish: number): EventName[] {
  const size = plan.door === 'batch' ? plan.batchSize : 1;
  const tenants = Math.max(1, plan.destinations / destinationsPerTenant);
  const inTenant = Math.min(plan.destinations, destinationsPerTenant);
  return Array.from({ length: size }, (_, index) => {
    const number = publish * size + index;
    const tenant = publish % tenants;
    // Each tenant's turn goes to the next of its destinations.
    const turn = size === 1 ? Math.floor(publish / tenants) : number;
    return { run: plan.run, number, tenant, destination: plan.fanOut > 1 ? 'all' : turn % inTenant };
  });
}

/** How many publishes are to have begun so long after the start, at a constant rate of events. */
export function dueAfter(elapsedMs: number, perSecond: number, eventsPerPublish: number): number {
  return Math.floor((elapsedMs / 1000) * (perSecond / eventsPerPublish)) + 1;
}

/** When a publish is to begin, from the start on, at a constant rate of events. */
export function intendedAfterMs(publish: number, perSecond: number, eventsPerPublish: number): number {
  return (publish * eventsPerPublish * 1000) / perSecond;
}
