// An endpoint that verifies what it gets, as an endpoint should: node docs/examples/receiver.mjs <port> <secret>
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';

const [port, secret] = process.argv.slice(2);
const webhook = new Webhook(secret);

createServer(async (request, response) => {
  // The signature is over the bytes that came: nothing may parse the body before.
  const body = await buffer(request);
  try {
    webhook.verify(body, request.headers);
  } catch (error) {
    console.log(`refused: ${error.message}`);
    response.writeHead(401).end();
    return;
  }
  console.log(`verified ${request.headers['webhook-id']}: ${body}`);
  response.writeHead(204).end();
}).listen(Number(port), '127.0.0.1', () => console.log(`listening on port ${port}`));
