import { type Secret, ToBoolean, ToNumber, ToSecret } from '#libs/config';
import { IsBoolean, IsIn, IsInt, IsNumber, IsOptional, IsString, IsUrl, Max, Min } from 'class-validator';

const collector = { protocols: ['http', 'https'], require_protocol: true, require_tld: false };

export class ObservabilityConfig {
  /** How much is logged: at `info` an attempt that failed has a line, at `debug` each one. */
  @IsIn(['error', 'warn', 'info', 'debug']) readonly LOG_LEVEL: string = 'info';

  /** `json`: one object a line, for machines. `pretty`: for a person at a terminal. @default `pretty` at a terminal, else `json` */
  @IsIn(['json', 'pretty']) readonly LOG_FORMAT: string = process.stdout.isTTY ? 'pretty' : 'json';

  /** Where this process answers /health/live, /health/ready and /metrics; not for the outside. 0: a free one. */
  @ToNumber() @IsInt() @Min(0) @Max(65_535) readonly METRICS_PORT: number = 9464;

  /** The address that it listens on for them: this machine alone, unless something outside has to scrape it. */
  @IsString() readonly METRICS_HOST: string = '127.0.0.1';

  /**
   * Where traces go: the address of a collector that takes OTLP over HTTP as JSON; `/v1/traces` is added to it. This
   * and all that follow are OpenTelemetry's own variables.
   * @default none: nothing is traced
   */
  @IsOptional() @IsUrl(collector) readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string;

  /** The same, for traces alone and as it is, with its path. @default none */
  @IsOptional() @IsUrl(collector) readonly OTEL_EXPORTER_OTLP_TRACES_ENDPOINT?: string;

  /** What the collector wants to see: `name=value`, comma separated. @default none */
  @IsOptional() @ToSecret() readonly OTEL_EXPORTER_OTLP_HEADERS?: Secret;

  /** The only one that Posthorn speaks. */
  @IsIn(['http/json']) readonly OTEL_EXPORTER_OTLP_PROTOCOL: string = 'http/json';

  /** How long the collector has to take what it is sent, in milliseconds. Nobody waits for it. */
  @ToNumber() @IsInt() @Min(1) readonly OTEL_EXPORTER_OTLP_TIMEOUT: number = 10_000;

  /** Which traces are kept. `parentbased_…` goes by what the publisher decided, where it sends a `traceparent`. */
  @IsIn([
    'always_on',
    'always_off',
    'traceidratio',
    'parentbased_always_on',
    'parentbased_always_off',
    'parentbased_traceidratio',
  ])
  readonly OTEL_TRACES_SAMPLER: string = 'parentbased_always_on';

  /** Of `…traceidratio`: how much of all is kept. */
  @ToNumber() @IsNumber() @Min(0) @Max(1) readonly OTEL_TRACES_SAMPLER_ARG: number = 1;

  /** How many ended spans wait to be sent, in each process; what finds no room is dropped. */
  @ToNumber() @IsInt() @Min(1) readonly OTEL_BSP_MAX_QUEUE_SIZE: number = 2048;

  /** How long they wait for others to be sent with, in milliseconds. */
  @ToNumber() @IsInt() @Min(0) readonly OTEL_BSP_SCHEDULE_DELAY: number = 5000;

  /** What the process is called in traces. @default the service: `gateway`, `router` … */
  @IsOptional() @IsString() readonly OTEL_SERVICE_NAME?: string;

  /** More to say of the process in traces: `name=value`, comma separated. @default none */
  @IsOptional() @IsString() readonly OTEL_RESOURCE_ATTRIBUTES?: string;

  /** Nothing is traced, whatever else is set. */
  @ToBoolean() @IsBoolean() readonly OTEL_SDK_DISABLED: boolean = false;
}
