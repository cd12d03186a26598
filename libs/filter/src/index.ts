export { type EventFilter, type FilterFault, notJson, readFilter } from './read-filter.js';
