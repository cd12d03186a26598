import { definitions } from '#libs/messaging';
import { configurationPage } from './configuration.js';
import { dashboards } from './dashboards/dashboards.js';
import { grafanaJson } from './dashboards/panels.js';
import { metricsPage } from './metrics.js';

/** The pages of the documentation that are made from the code. `npm run reference` writes them. */
export const pages: Readonly<Record<string, () => string | Promise<string>>> = {
  'docs/reference/configuration.md': configurationPage,
  'docs/reference/metrics.md': metricsPage,
  'deploy/rabbitmq/definitions.json': () => `${JSON.stringify(definitions(), null, 2)}\n`,
  ...Object.fromEntries(
    dashboards.map((dashboard) => [
      `docker/grafana/dashboards/${dashboard.uid}.json`,
      () => grafanaJson(dashboard),
    ]),
  ),
};
