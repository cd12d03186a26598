import { ownUrls } from './own-urls.js';
import { keyOf, type Secrets } from './secrets.js';
import { isFor } from './service-variables.js';
import { keysOf, type ServiceName } from './services.js';

type Environment = Readonly<NodeJS.ProcessEnv>;

/** What is easy for a developer and wrong for production: `npm start` says each aloud. */
export const developmentDefaults = {
  GATEWAY_PORT: '8080',
  GATEWAY_HOST: '127.0.0.1',
  EGRESS_ALLOW_HTTP: 'true',
  EGRESS_ALLOW_CIDRS: '127.0.0.0/8,::1/128',
  EGRESS_ALLOW_PORTS: '*',
} as const;

export interface Assignment {
  readonly secrets: Pick<Secrets, 'rootKey' | 'masterKey' | 'keyPepper'>;
  /** With a service's own user, where it has one. */
  readonly amqpUrl: string;
  /** A service's own role. A service that owns no data gets none. */
  readonly databaseUrl?: string | undefined;
  readonly metricsPort: number;
  /** Of a gateway that is not the first one. */
  readonly gatewayPort?: number | undefined;
  /** Of all gateways but the first one. */
  readonly otherGatewayPorts?: readonly number[];
  /** Whether there are several gateways, so that a balancer has time to notice when one stops. */
  readonly hasOtherGateways?: boolean;
}

/** A gateway that is alone has nobody to leave its callers to: then a stop is quick. */
const drainDelayMs = { alone: '0', oneOfSeveral: '1000' } as const;

/** As in the images (docker/Dockerfile, which says why). */
const nodeOptions = '--max-semi-space-size=16';

/**
 * A service's environment: the caller's, and where the caller has said nothing, ours. An empty variable says nothing. It has
 * what this service reads and no more: of the keys only its own, and nothing else that the caller may have in its shell.
 */
export function serviceEnvironment(
  service: ServiceName,
  caller: Environment,
  assignment: Assignment,
): NodeJS.ProcessEnv {
  const keys = keysOf(service).map((name) => [name, keyOf(assignment.secrets, name)] as const);
  const environment: NodeJS.ProcessEnv = {
    ...developmentDefaults,
    ...Object.fromEntries(keys),
    ...(assignment.databaseUrl !== undefined && { DATABASE_URL: assignment.databaseUrl }),
    LOG_FORMAT: 'json',
    NODE_OPTIONS: nodeOptions,
    DRAIN_DELAY_MS: drainDelayMs[assignment.hasOtherGateways ? 'oneOfSeveral' : 'alone'],
    ...given(caller),
    POSTHORN_PUBLIC_URLS: publicUrls(caller, assignment),
    // The caller's is an administrator's.
    RABBITMQ_URL: assignment.amqpUrl,
    ...(assignment.gatewayPort !== undefined && { GATEWAY_PORT: String(assignment.gatewayPort) }),
    // One for each: a single one of the caller's could not be shared.
    METRICS_PORT: String(assignment.metricsPort),
  };
  return Object.fromEntries(Object.entries(environment).filter(([name]) => isFor(service, name)));
}

/** The caller's, and those of the gateways that are started here. */
function publicUrls(caller: Environment, { otherGatewayPorts = [] }: Assignment): string {
  const { GATEWAY_PORT: port } = gatewayAddress(caller);
  const { POSTHORN_PUBLIC_URLS: urls } = given(caller);
  return [...(urls === undefined ? [] : [urls]), ...ownUrls([port, ...otherGatewayPorts])].join(',');
}

/** The address at which this machine reaches the gateway, or another one than the first. */
export function apiUrl(caller: Environment, gatewayPort?: number): string {
  const { GATEWAY_HOST: host, GATEWAY_PORT: firstPort } = gatewayAddress(caller);
  const port = gatewayPort ?? firstPort;
  return `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host}:${port}`;
}

export function gatewayAddress(caller: Environment): {
  readonly GATEWAY_HOST: string;
  readonly GATEWAY_PORT: string;
} {
  return { ...developmentDefaults, ...given(caller) };
}

export function given(environment: Environment): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
}
