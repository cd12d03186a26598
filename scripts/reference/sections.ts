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
import { ProvisionConfig } from '../provision/provision.config.js';

interface Section {
  readonly title: string;
  readonly configs: readonly (new () => object)[];
}

/** Who reads what. */
export const sections: readonly Section[] = [
  { title: 'Every service', configs: [MessagingConfig, ObservabilityConfig] },
  { title: 'Every service but the gateway', configs: [PersistenceConfig] },
  { title: 'gateway', configs: [GatewayConfig] },
  { title: 'registry', configs: [RegistryConfig] },
  { title: 'registry and dispatcher', configs: [EgressConfig] },
  { title: 'registry and ledger', configs: [AuditConfig] },
  { title: 'dispatcher', configs: [DispatcherConfig] },
  { title: 'ledger', configs: [LedgerConfig] },
  { title: 'alerts', configs: [AlertsConfig] },
  { title: 'npm start and docker compose, when they provision RabbitMQ', configs: [ProvisionConfig] },
];
