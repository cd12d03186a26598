import { ToNumber } from '#libs/config';
import { IsIn, IsInt, IsString, Max, Min } from 'class-validator';

export class ObservabilityConfig {
  @IsIn(['error', 'warn', 'info', 'debug']) readonly LOG_LEVEL: string = 'info';

  /** `json`: one object a line, for machines. `pretty`: for a person at a terminal. */
  @IsIn(['json', 'pretty']) readonly LOG_FORMAT: string = process.stdout.isTTY ? 'pretty' : 'json';

  /** Where this process answers /health/live, /health/ready and /metrics; not for the outside. 0: a free one. */
  @ToNumber() @IsInt() @Min(0) @Max(65_535) readonly METRICS_PORT: number = 9464;

  @IsString() readonly METRICS_HOST: string = '127.0.0.1';
}
