// Publishes one event through RabbitMQ: node docs/examples/publish.mjs <publisherAmqpUrl> <tenant> <event as JSON>
import { connect } from 'amqplib';

const [url, tenantId, event] = process.argv.slice(2);
const connection = await connect(url);
const channel = await connection.createConfirmChannel();
channel.publish('posthorn.ingest', tenantId, Buffer.from(event), { persistent: true });
// Only now does RabbitMQ have it for certain.
await channel.waitForConfirms();
await connection.close();
console.log('confirmed');
