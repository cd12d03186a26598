import { parseDuration, ToNumber } from '#libs/config';
import { Transform } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';

const HOUR = 3_600_000;
const YEAR = 365 * 24 * HOUR;

export class AlertsConfig {
  /**
   * A destination that has done nothing but fail for so long is disabled: `120h`. Long enough for a whole schedule of
   * retries and a weekend. `0` or `off`: never. In milliseconds once read, 0 for never.
   * @default `120h`
   * @allowed up to 365d, or `off`
   */
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? durationMs(value) : value))
  @IsInt({ message: 'AUTO_DISABLE_AFTER must be a duration such as 30m, 120h or 5d, or off' })
  @Min(0)
  @Max(YEAR)
  readonly AUTO_DISABLE_AFTER: number = 120 * HOUR;

  /** After so many failures in a row, the first success is worth telling the operator of. */
  @ToNumber() @IsInt() @Min(1) readonly RECOVERED_AFTER_FAILURES: number = 5;
}

function durationMs(text: string): number {
  return ['0', 'off'].includes(text.trim()) ? 0 : (parseDuration(text) ?? Number.NaN);
}
