export { type EventFilter, type FilteredEvent, notJson, readFilter } from './read-filter.js';
