import { createHash } from 'node:crypto';
import { constants, gzipSync } from 'node:zlib';
import { Problem } from '#libs/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { TokenBuckets } from '../http/token-buckets.js';

/** How long a copy may be used before it is asked for again; a document changes with the version only. */
const maxAgeS = 300;

/** A document that is the same for all who ask: written and compressed once, so that an answer costs no work. */
export class StaticDocument {
  readonly #bytes: Buffer;
  readonly #gzip: Buffer;
  readonly #etag: string;

  constructor(
    text: string,
    private readonly contentType: string,
    private readonly limit: TokenBuckets,
  ) {
    this.#bytes = Buffer.from(text);
    this.#gzip = gzipSync(this.#bytes, { level: constants.Z_BEST_COMPRESSION });
    this.#etag = createHash('sha256').update(this.#bytes).digest('base64url').slice(0, 22);
  }

  /**
   * Answers a conditional request with 304 where the caller's copy is still right.
   * @throws Problem `rate_limited`, with `Retry-After` set on the reply.
   */
  send({ headers }: Pick<FastifyRequest, 'headers'>, reply: FastifyReply): FastifyReply {
    const isCompressed = acceptsGzip(headers['accept-encoding']);
    // Each encoding is a representation of its own, and a strong tag is of one.
    const etag = `"${this.#etag}${isCompressed ? '-gzip' : ''}"`;
    void reply.headers({
      etag,
      'cache-control': `public, max-age=${maxAgeS}`,
      vary: 'accept-encoding',
    });
    if (isSame(headers['if-none-match'], etag)) return reply.status(304).send();
    const waitMs = this.limit.take('documents');
    if (waitMs > 0) {
      void reply
        .removeHeader('etag')
        .headers({ ...uncached, 'retry-after': String(Math.ceil(waitMs / 1000)) });
      throw new Problem('rate_limited', 'The documents are asked for too often. Keep a copy.');
    }
    if (isCompressed) void reply.header('content-encoding', 'gzip');
    return reply.header('content-type', this.contentType).send(isCompressed ? this.#gzip : this.#bytes);
  }
}

const uncached = { 'cache-control': 'no-store' };

/** By RFC 9110, 12.5.3: named, or meant by `*`, with a quality above 0. */
function acceptsGzip(accepted: string | string[] | undefined): boolean {
  const items = String(accepted ?? '')
    .toLowerCase()
    .split(',')
    .map((item) => item.split(';').map((part) => part.trim()));
  const [, quality] = items.find(([name]) => name === 'gzip') ??
    items.find(([name]) => name === '*') ?? ['', 'q=0'];
  return !/^q=0(\.0*)?$/.test(quality ?? '');
}

/** By RFC 9110, 13.1.2: the comparison is weak, as an intermediary may weaken the tag. */
function isSame(ifNoneMatch: string | undefined, etag: string): boolean {
  return (ifNoneMatch ?? '').split(',').some((tag) => ['*', etag].includes(tag.trim().replace(/^W\//, '')));
}
