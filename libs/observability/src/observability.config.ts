import { ToNumber } from '#libs/config';
import { IsIn, IsInt, IsString, Max, Min } from 'class-validator';

export class ObservabilityConfig {
  /** How much is logged: at `info` an attempt that failed has a line, at `debug` each one. */
  @IsIn(['error', 'warn', 'info', 'debug']) readonly LOG_LEVEL: string = 'info';

  /** `json`: one object a line, for machines. `pretty`: for a person at a terminal. @default `pretty` at a terminal, else `json` */
  @IsIn(['json', 'pretty']) readonly LOG_FORMAT: string = process.stdout.isTTY ? 'pretty' : 'json';

  /** Where this process answers /health/live, /health/ready and /metrics; not for the outside. 0: a free one. */
  @ToNumber() @IsInt() @Min(0) @Max(65_535) readonly METRICS_PORT: number = 9464;

  /** The address that it listens on for them: this machine alone, unless something outside has to scrape it. */
  @IsString() readonly METRICS_HOST: string = '127.0.0.1';
}
