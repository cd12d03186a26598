import { type DeliveryRequested, hopsHeader, version } from '#libs/contracts';
import { Egress, type PostResult } from '#libs/egress';
import { isMarkedTransient, messageOf } from '#libs/messaging';
import { Log } from '#libs/observability';
import { webhookHeaders } from '#libs/signing';
import { Injectable } from '@nestjs/common';
import { attemptBegun, countAttempt } from './attempt-metrics.js';
import type { Destination } from './destination.js';
import { asked, type Attempt, attemptOf } from './report.js';
import { bodyOf } from './body-of.js';
import { beginAttempt, endAttempt } from './trace-attempt.js';
import { WebhookHeaders } from './header-templates.js';
import { withOwn } from './with-own.js';

const userAgent = `Posthorn/${version}`;

/** Makes one attempt: signed, sent, and told of in the log. */
@Injectable()
export class WebhookSender {
  constructor(
    private readonly egress: Egress,
    private readonly ownHeaders: WebhookHeaders,
    private readonly log: Log,
  ) {}

  /** @param repeated the request had been in a dispatcher's hands before. */
  async send(request: DeliveryRequested, destination: Destination, repeated: boolean): Promise<Attempt> {
    const startedAt = new Date();
    const posted = await this.#post(request, destination, startedAt);
    const attempt = attemptOf({ destinationVersion: destination.version, startedAt, repeated }, posted);
    countAttempt(request, attempt);
    this.#note(request, attempt);
    return attempt;
  }

  /**
   * Whatever stands against one attempt is the end of this attempt and not of its message.
   * @throws what passes by itself.
   */
  async #post(request: DeliveryRequested, destination: Destination, startedAt: Date): Promise<PostResult> {
    try {
      return await this.#signAndPost(request, destination, startedAt);
    } catch (error) {
      if (isMarkedTransient(error)) throw error;
      this.log.error('attempt.not-made', { ...asked(request), reason: messageOf(error) });
      return { result: 'failed', errorClass: 'request_invalid', durationMs: 0 };
    }
  }

  async #signAndPost(
    request: DeliveryRequested,
    destination: Destination,
    startedAt: Date,
  ): Promise<PostResult> {
    const { contentType, body } = bodyOf(destination.format, request);
    const signature = webhookHeaders({
      id: request.eventId,
      timestampS: Math.floor(startedAt.getTime() / 1000),
      body,
      secrets: destination.secrets,
    });
    const span = beginAttempt(request, destination.url);
    const ended = attemptBegun();
    const posting = this.egress.post({
      url: destination.url,
      headers: withOwn(
        {
          ...this.ownHeaders.for(request),
          'content-type': contentType,
          'user-agent': userAgent,
          [hopsHeader]: String((request.hops ?? 0) + 1),
          ...signature,
        },
        destination.headers,
      ),
      body,
      timeoutMs: destination.timeoutMs,
      tenantId: request.tenantId,
    });
    const posted = await posting.finally(ended);
    if (span) endAttempt(span, posted);
    return posted;
  }

  #note(request: DeliveryRequested, { body: _, ...attempt }: Attempt): void {
    const level = attempt.result === 'delivered' ? 'debug' : 'info';
    this.log[level]('delivery.attempted', { ...asked(request), ...attempt });
  }
}
