// A webhook receiver in TypeScript, with nothing but Node: node receiver.ts
import { createHmac, createPublicKey, timingSafeEqual, verify } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';

/** `whsec_…`, or `whpk_…` of a destination that signs with ed25519. */
const key = process.env['WEBHOOK_KEY'] ?? '';
const toleranceS = 300;
const maxBytes = 10 * 1024 * 1024;

/** The body has to be the bytes that came: parsed and written anew it may be others. */
function isAuthentic(body: Buffer, headers: IncomingHttpHeaders): boolean {
  const id = String(headers['webhook-id']);
  const timestamp = String(headers['webhook-timestamp']);
  // An old one may have been recorded, and be sent again by somebody else.
  const ageS = Math.abs(Date.now() / 1000 - Number(timestamp));
  if (!(ageS <= toleranceS)) return false;
  const content = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
  // While a secret is being rotated there are several signatures: one has to be right.
  return String(headers['webhook-signature'])
    .split(' ')
    .some((signature) => isSignature(signature, content));
}

function isSignature(signature: string, content: Buffer): boolean {
  const [version, encoded = ''] = signature.split(',');
  const bytes = Buffer.from(encoded, 'base64');
  if (version === 'v1' && key.startsWith('whsec_')) {
    const secret = Buffer.from(key.slice('whsec_'.length), 'base64');
    const expected = createHmac('sha256', secret).update(content).digest();
    return bytes.length === expected.length && timingSafeEqual(bytes, expected);
  }
  if (version === 'v1a' && key.startsWith('whpk_')) {
    const x = Buffer.from(key.slice('whpk_'.length), 'base64').toString('base64url');
    const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    return verify(null, content, publicKey, bytes);
  }
  return false;
}

const seen = new Set<string>();

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  let length = 0;
  request.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > maxBytes) request.destroy();
    else chunks.push(chunk);
  });
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    if (!isAuthentic(body, request.headers)) {
      response.writeHead(401).end();
      return;
    }
    const id = String(request.headers['webhook-id']);
    // The same event may come again. Keep the ids where your data is, in the same transaction.
    if (!seen.has(id)) {
      seen.add(id);
      const event = JSON.parse(body.toString()) as { type: string };
      process.stdout.write(`${event.type}\n`);
    }
    response.writeHead(204).end();
  });
});
server.listen(Number(process.env['PORT'] ?? 9000), '127.0.0.1', () => process.stdout.write('listening\n'));
