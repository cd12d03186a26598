import { AuditConfig, KeepAudit } from '#libs/audit';
import { loadConfig } from '#libs/config';
import { EgressConfig, egressPolicy } from '#libs/egress';
import { MessagingModule } from '#libs/messaging';
import { ObservabilityModule } from '#libs/observability';
import { PersistenceModule } from '#libs/persistence';
import { Module } from '@nestjs/common';
import { migrations } from '../migrations/index.js';
import { Vault } from './confidential/vault.js';
import { ApiKeysRepository } from './api-keys/api-keys.repository.js';
import { ManageApiKeysHandler } from './api-keys/manage-api-keys.handler.js';
import { ReadAuditHandler } from './audit/read-audit.handler.js';
import { Announcer } from './destinations/announcer.js';
import { ChangeDestinationHandler } from './destinations/change-destination.handler.js';
import { CreateDestinationHandler } from './destinations/create-destination.handler.js';
import { DestinationsRepository } from './destinations/destinations.repository.js';
import { PrepareTestHandler } from './destinations/prepare-test.handler.js';
import { ReadDestinationsHandler } from './destinations/read-destinations.handler.js';
import { UrlCheck } from './destinations/url-check.js';
import { ErasuresRepository } from './erasures/erasures.repository.js';
import { ManageErasuresHandler } from './erasures/manage-erasures.handler.js';
import { EventTypesRepository } from './event-types/event-types.repository.js';
import { ManageEventTypesHandler } from './event-types/manage-event-types.handler.js';
import { RegistryConfig } from './registry.config.js';
import { DestinationSecretsHandler } from './secrets/destination-secrets.handler.js';
import { RenewSeals } from './secrets/renew-seals.js';
import { RetireSecrets } from './secrets/retire-secrets.js';
import { DeleteTenantRepository } from './tenants/delete-tenant.repository.js';
import { ManageTenantsHandler } from './tenants/manage-tenants.handler.js';
import { TenantsRepository } from './tenants/tenants.repository.js';

@Module({
  imports: [
    ObservabilityModule.forApp('registry'),
    MessagingModule.forApp('registry'),
    PersistenceModule.forSchema('registry', migrations),
  ],
  controllers: [
    ManageTenantsHandler,
    ManageErasuresHandler,
    ManageEventTypesHandler,
    CreateDestinationHandler,
    ReadDestinationsHandler,
    ChangeDestinationHandler,
    DestinationSecretsHandler,
    ManageApiKeysHandler,
    PrepareTestHandler,
    ReadAuditHandler,
  ],
  providers: [
    TenantsRepository,
    DeleteTenantRepository,
    ErasuresRepository,
    EventTypesRepository,
    DestinationsRepository,
    ApiKeysRepository,
    Announcer,
    RetireSecrets,
    RenewSeals,
    KeepAudit,
    { provide: AuditConfig, useFactory: () => loadConfig(AuditConfig) },
    { provide: RegistryConfig, useFactory: () => loadConfig(RegistryConfig) },
    {
      provide: Vault,
      inject: [RegistryConfig],
      useFactory: (config: RegistryConfig) => new Vault(config.POSTHORN_MASTER_KEY),
    },
    { provide: UrlCheck, useFactory: () => new UrlCheck(egressPolicy(loadConfig(EgressConfig))) },
  ],
})
export class RegistryModule {}
