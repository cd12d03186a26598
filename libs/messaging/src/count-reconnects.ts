import { counter } from '#libs/observability';
import type { BrokerConnection } from './broker-connection.js';

const reconnects = counter(
  {
    name: 'posthorn_broker_reconnects_total',
    help: 'How often a lost connection to RabbitMQ was made again: one to publish, one to consume.',
    labels: ['connection'],
  },
  [{ connection: 'publish' }, { connection: 'consume' }],
);

export function countReconnects(kind: 'publish' | 'consume', connection: BrokerConnection): void {
  let ups = 0;
  connection.on('up', () => {
    if (ups++ > 0) reconnects.inc({ connection: kind });
  });
}
