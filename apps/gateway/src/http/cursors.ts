import { createHmac, timingSafeEqual } from 'node:crypto';
import { type PagePosition, Problem } from '#libs/contracts';
import { Injectable } from '@nestjs/common';
import { GatewayConfig } from '../gateway.config.js';

const macBytes = 16;

/**
 * Positions in a list as text that a caller can hand back and cannot make up: signed together with the list and the
 * filters they belong to.
 */
@Injectable()
export class Cursors {
  readonly #key: Buffer;

  constructor(config: GatewayConfig) {
    this.#key = createHmac('sha256', config.POSTHORN_ROOT_KEY.reveal()).update('cursor').digest();
  }

  encode(position: PagePosition, scope: string): string {
    const { at, id, direction } = position;
    const text = Buffer.from(JSON.stringify([at, id, direction]));
    return Buffer.concat([this.#mac(text, scope), text]).toString('base64url');
  }

  /** @throws Problem `invalid_cursor` */
  decode(cursor: string, scope: string): PagePosition {
    const bytes = Buffer.from(cursor, 'base64url');
    const text = bytes.subarray(macBytes);
    // Base64 can be written in several ways that decode alike; only the one that was given out counts.
    const isOurs =
      bytes.length > macBytes &&
      bytes.toString('base64url') === cursor &&
      timingSafeEqual(bytes.subarray(0, macBytes), this.#mac(text, scope));
    if (!isOurs) throw new Problem('invalid_cursor', 'This cursor is not one that this list gave out.');
    const [at, id, direction] = JSON.parse(text.toString()) as [string, string, PagePosition['direction']];
    return { at, id, direction };
  }

  #mac(text: Buffer, scope: string): Buffer {
    return createHmac('sha256', this.#key)
      .update(scope)
      .update('\n')
      .update(text)
      .digest()
      .subarray(0, macBytes);
  }
}
