export { findFaults } from './find-faults.js';
