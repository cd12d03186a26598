export { type AuditTables, createAudit } from './audit-table.js';
export { AuditConfig } from './audit.config.js';
export { changedFields } from './changed-fields.js';
export { KeepAudit } from './keep-audit.js';
export { readAudit } from './read-audit.js';
export { recordAudit, type AuditEntry } from './record-audit.js';
