import { AuditConfig } from '#libs/audit';
import { EgressConfig } from '#libs/egress';
import { MessagingConfig } from '#libs/messaging';
import { ObservabilityConfig } from '#libs/observability';
import { PersistenceConfig } from '#libs/persistence';
import { AlertsConfig } from '../../apps/alerts/src/alerts.config.js';
import { DispatcherConfig } from '../../apps/dispatcher/src/dispatcher.config.js';
import { GatewayConfig } from '../../apps/gateway/src/gateway.config.js';
import { LedgerConfig } from '../../apps/ledger/src/ledger.config.js';
import { RegistryConfig } from '../../apps/registry/src/registry.config.js';
import type { ServiceName } from './services.js';

type Config = new () => object;

const everywhere: readonly Config[] = [MessagingConfig, ObservabilityConfig];

/** The configuration classes that each service reads. */
export const configsOf: Readonly<Record<ServiceName, readonly Config[]>> = {
  gateway: [...everywhere, GatewayConfig],
  registry: [...everywhere, PersistenceConfig, RegistryConfig, EgressConfig, AuditConfig],
  router: [...everywhere, PersistenceConfig],
  dispatcher: [...everywhere, PersistenceConfig, DispatcherConfig, EgressConfig],
  ledger: [...everywhere, PersistenceConfig, LedgerConfig, AuditConfig],
  alerts: [...everywhere, PersistenceConfig, AlertsConfig],
};

/** What Node, its libraries and the operating system read, and what arms a fault test. No secret is among them. */
const ofTheProcess = new Set([
  'PATH',
  'HOME',
  'USER',
  'LANG',
  'TZ',
  'TMPDIR',
  'UV_THREADPOOL_SIZE',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'LD_LIBRARY_PATH',
  'POSTHORN_FAILPOINT',
]);
const ofTheProcessBegin = /^(NODE_|LC_|OTEL_|PGSSL)/;

/** The variables that a service's configuration classes read. */
export function variablesOf(service: ServiceName): ReadonlySet<string> {
  return new Set(configsOf[service].flatMap((config) => Object.keys(new config())));
}

/** Whether a service may have a variable from the environment that starts it. */
export function isFor(service: ServiceName, variable: string): boolean {
  return ofTheProcess.has(variable) || ofTheProcessBegin.test(variable) || variablesOf(service).has(variable);
}
