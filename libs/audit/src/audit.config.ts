import { IsRetention } from '#libs/config';

const DAY = 24 * 3_600_000;

export class AuditConfig {
  /** How long audit records are kept. They are removed by the day. */
  @IsRetention() readonly AUDIT_RETENTION: number = 365 * DAY;
}
