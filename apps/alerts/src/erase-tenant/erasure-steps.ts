import { eraseDestinations, type ErasureStep } from '#libs/persistence';
import type { AlertsTables } from '../alerts.tables.js';

export const lastSteps: readonly ErasureStep<AlertsTables>[] = [eraseDestinations('health', 'decisions')];
