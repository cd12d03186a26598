import { IsRetention, itemsOf, parseDuration, ToDuration, ToNumber } from '#libs/config';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsInt, IsNumber, Max, Min, ValidateBy } from 'class-validator';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MIB = 1024 * 1024;

/** With the first try 10 attempts over 75 h 35 m. */
const defaultSchedule = [
  5000,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  DAY,
];

export class LedgerConfig {
  /**
   * The waits before the 2nd, 3rd, … attempt, comma separated; `none` for no retry. In milliseconds once read.
   * @default `5s,5m,30m,2h,5h,10h,14h,20h,24h`
   * @allowed up to 100 of up to 30d each
   */
  @Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' ? itemsOf(value).map((text) => parseDuration(text) ?? Number.NaN) : value,
  )
  @IsArray()
  @ArrayMaxSize(100)
  @IsInt({ each: true, message: 'RETRY_SCHEDULE must be durations such as 500ms, 5s, 5m, 2h, 1d' })
  @Max(30 * DAY, { each: true })
  readonly RETRY_SCHEDULE: number[] = defaultSchedule;

  /** Each wait is lengthened or shortened by chance by up to this part of it, so that retries do not come in step. */
  @ToNumber() @IsNumber() @Min(0) @Max(1) readonly RETRY_JITTER: number = 0.2;

  /**
   * How long a payload is kept after its event was accepted: long enough to look into a complaint, or to send it again,
   * and no longer than personal data need be. What waits to be delivered is kept whatever its age.
   */
  @IsRetention()
  @ValidateBy({
    name: 'withinMetadata',
    validator: {
      validate: (value, argument) =>
        Number(value) <= Number((argument?.object as LedgerConfig | undefined)?.METADATA_RETENTION),
      defaultMessage: () =>
        'PAYLOAD_RETENTION must not be longer than METADATA_RETENTION: a payload without its event cannot be found',
    },
  })
  readonly PAYLOAD_RETENTION: number = 30 * DAY;

  /** How long events, deliveries and attempts are kept: a quarter, so that what was reported late can be answered. */
  @IsRetention()
  readonly METADATA_RETENTION: number = 90 * DAY;

  /**
   * How long a dead letter (a message that could not be processed) is kept: long enough to correct the cause and redrive
   * it. Older ones are deleted.
   */
  @IsRetention()
  readonly DEAD_LETTER_RETENTION: number = 30 * DAY;

  /**
   * How many bytes of dead letters are kept. Beyond it the oldest are deleted, of the queue and tenant that have the most
   * first. The largest message is 16 MiB.
   * @default 1 GiB
   */
  @ToNumber()
  @IsInt()
  @Min(16 * MIB)
  readonly MAX_DEAD_LETTER_BYTES: number = 1024 * MIB;

  /** For how long nothing may come of what was sent to router or dispatcher before it is taken to be lost. */
  @ToDuration()
  @IsInt({ message: 'SWEEP_AFTER must be a duration such as 2m' })
  @Min(1000)
  readonly SWEEP_AFTER: number = 2 * MINUTE;

  /** How often the books are searched for what was lost. */
  @ToNumber() @IsInt() @Min(100) readonly SWEEP_INTERVAL_MS: number = 10_000;

  /** How often the timetable is looked at while something waits for room at its destination; a fifth as often while nothing does, and each two seconds while nothing is due. */
  @ToNumber() @IsInt() @Min(10) readonly RELEASE_INTERVAL_MS: number = 50;

  /** After so many attempts in a row that got no answer a destination is left alone but for probes. */
  @ToNumber() @IsInt() @Min(1) readonly CIRCUIT_FAILURES: number = 5;

  /** How long a destination that does not answer is left alone before one delivery of those that wait is tried. */
  @ToDuration()
  @IsInt({ message: 'CIRCUIT_PROBE_INTERVAL must be a duration such as 30s' })
  @Min(100)
  readonly CIRCUIT_PROBE_INTERVAL: number = 30_000;
}
