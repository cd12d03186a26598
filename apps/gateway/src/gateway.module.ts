import { loadConfig } from '#libs/config';
import { MessagingModule } from '#libs/messaging';
import { ObservabilityModule } from '#libs/observability';
import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE, DiscoveryModule } from '@nestjs/core';
import { Confidences } from './destinations/confidences.js';
import { DestinationSecretsController } from './destinations/destination-secrets.controller.js';
import { ApiKeysController } from './api-keys/api-keys.controller.js';
import { AuditController } from './audit/audit.controller.js';
import { KeyUses } from './api-keys/key-uses.js';
import { KnownApiKeys } from './api-keys/known-api-keys.js';
import { LearnApiKeyHandler } from './api-keys/learn-api-key.handler.js';
import { Peppers } from './api-keys/peppers.js';
import { RefreshApiKeys } from './api-keys/refresh-api-keys.js';
import { TestSlots } from './destinations/test-slots.js';
import { TryDestinationController } from './destinations/try-destination.controller.js';
import { ExplainEventController } from './explain-event/explain-event.controller.js';
import { DestinationsController } from './destinations/destinations.controller.js';
import { EventTypeCheck } from './event-types/event-type-check.js';
import { EventTypes } from './event-types/event-types.js';
import { ErasePayloadController } from './erasures/erase-payload.controller.js';
import { ErasuresController } from './erasures/erasures.controller.js';
import { EventTypesController } from './event-types/event-types.controller.js';
import { ProjectEventTypeHandler } from './event-types/project-event-type.handler.js';
import { GatewayConfig } from './gateway.config.js';
import { HealthController } from './health/health.controller.js';
import { AnyHistoryController } from './history/any-history.controller.js';
import { HistoryController } from './history/history.controller.js';
import { RecentEvents } from './history/recent-events.js';
import { Authenticator } from './http/authenticator.js';
import { ScopeCheck } from './http/check-scopes.js';
import { Cursors } from './http/cursors.js';
import { Listing } from './http/listing.js';
import { TenantCalls } from './http/tenant-calls.js';
import { TenantCallsInterceptor } from './http/tenant-calls.interceptor.js';
import { ProblemFilter } from './http/problem.filter.js';
import { StorableTextPipe } from './http/storable-text.js';
import { RefuseBodyInterceptor } from './http/refuse-body.interceptor.js';
import { RateLimits } from './http/rate-limits.js';
import { ScopeGuard } from './http/scope.guard.js';
import { DocumentsController } from './openapi/documents.controller.js';
import { ParkedController } from './parked/parked.controller.js';
import { AcceptEvent } from './publish-event/accept-event.js';
import { IngestEventHandler } from './publish-event/ingest-event.handler.js';
import { PublishRates } from './publish-event/publish-rates.js';
import { PublishWindow } from './publish-event/publish-window.js';
import { StoreEvent } from './publish-event/store-event.js';
import { PublishEventController } from './publish-event/publish-event.controller.js';
import { ReplaysController } from './replays/replays.controller.js';
import { SendAgainController } from './send-again/send-again.controller.js';
import { ForgetTenantHandler } from './tenants/forget-tenant.handler.js';
import { KnownTenants } from './tenants/known-tenants.js';
import { TenantsController } from './tenants/tenants.controller.js';

@Module({
  imports: [ObservabilityModule.forApp('gateway'), MessagingModule.forApp('gateway'), DiscoveryModule],
  controllers: [
    PublishEventController,
    IngestEventHandler,
    TenantsController,
    ForgetTenantHandler,
    EventTypesController,
    ProjectEventTypeHandler,
    DestinationsController,
    DestinationSecretsController,
    TryDestinationController,
    ExplainEventController,
    HistoryController,
    AnyHistoryController,
    SendAgainController,
    ReplaysController,
    ErasuresController,
    ErasePayloadController,
    ParkedController,
    AuditController,
    ApiKeysController,
    LearnApiKeyHandler,
    HealthController,
    DocumentsController,
  ],
  providers: [
    { provide: GatewayConfig, useFactory: () => loadConfig(GatewayConfig) },
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_PIPE, useClass: StorableTextPipe },
    { provide: APP_GUARD, useClass: ScopeGuard },
    { provide: APP_INTERCEPTOR, useClass: RefuseBodyInterceptor },
    { provide: APP_INTERCEPTOR, useClass: TenantCallsInterceptor },
    ScopeCheck,
    Authenticator,
    RateLimits,
    TenantCalls,
    TestSlots,
    Peppers,
    KnownApiKeys,
    RefreshApiKeys,
    KeyUses,
    AcceptEvent,
    PublishRates,
    PublishWindow,
    RecentEvents,
    StoreEvent,
    Confidences,
    KnownTenants,
    EventTypes,
    EventTypeCheck,
    Cursors,
    Listing,
  ],
})
export class GatewayModule {}
