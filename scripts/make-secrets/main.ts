import { loadSecrets } from '../start/secrets.js';
import { handOver, handOverCookies, secretsFile } from '../provision/secrets-directory.js';

/** docker compose, first step: generates every secret once, and hands Postgres, RabbitMQ and Grafana theirs to start with. */
const { postgresPassword, rabbitMqPassword, grafanaPassword, erlangCookie } = await loadSecrets(secretsFile);

handOver('postgres', 'password', postgresPassword);
// A file of this form is read beside the image's own configuration; one of the other form would take its place.
handOver(
  'rabbitmq',
  'advanced.config',
  `[{rabbit, [{default_user, <<"posthorn">>}, {default_pass, <<"${rabbitMqPassword}">>}]}].\n`,
);
handOver('grafana', 'password', grafanaPassword);
handOverCookies(erlangCookie);
