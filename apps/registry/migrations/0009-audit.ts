import { createAudit } from '#libs/audit';

export { createAudit as up };
