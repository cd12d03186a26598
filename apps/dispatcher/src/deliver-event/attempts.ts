import type { DeliveryAttempted, DeliveryRequested } from '#libs/contracts';
import { Injectable } from '@nestjs/common';
import { type Admission, Admissions } from '../admit-attempt/admissions.js';
import type { Destination } from './destination.js';
import { RecentAttempts } from './recent-attempts.js';
import { type Attempt, attempted } from './report.js';
import { WebhookSender } from './webhook-sender.js';

/** What came of an attempt, or when there may be room for it. */
export type Made = { readonly report: DeliveryAttempted } | { readonly retryInMs: number };

const forNothing: Admission = { admitted: true, end: () => undefined };

@Injectable()
export class Attempts {
  constructor(
    private readonly recent: RecentAttempts,
    private readonly admissions: Admissions,
    private readonly sender: WebhookSender,
  ) {}

  /**
   * Tries once, if there is room. What was tried already is only reported again, and needs none.
   * @param repeated the request had been in a dispatcher's hands before.
   */
  async make(request: DeliveryRequested, destination: Destination, repeated: boolean): Promise<Made> {
    const admission = this.recent.has(request)
      ? forNothing
      : await this.admissions.admit(request, destination);
    if (!admission.admitted) return { retryInMs: admission.retryInMs };
    try {
      const attempt = await this.recent.once(request, () => this.sender.send(request, destination, repeated));
      admission.end(attempt.durationMs);
      return { report: attempted(request, repeated ? marked(attempt) : attempt) };
    } finally {
      admission.end();
    }
  }
}

/**
 * A request may be published twice, and one copy be in the hands of a process that dies: that this one has made the
 * attempt only once does not mean that nobody else has.
 */
function marked(attempt: Attempt): Attempt {
  return { ...attempt, repeated: true };
}
