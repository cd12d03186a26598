export { FilterBudget } from './budget.js';
export { notJson } from './event-fields.js';
export { type EventFilter, type FilteredEvent, type FilterFault, readFilter } from './read-filter.js';
