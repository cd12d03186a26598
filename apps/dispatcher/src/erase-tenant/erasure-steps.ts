import { eraseDestinations, type ErasureStep } from '#libs/persistence';
import type { DispatcherTables } from '../dispatcher.tables.js';

export const lastSteps: readonly ErasureStep<DispatcherTables>[] = [eraseDestinations('rates', 'circuits')];
