export { FilterBudget } from './budget.js';
export { notJson } from './event-fields.js';
export { type EventFilter, type FilteredEvent, readFilter } from './read-filter.js';
