import { Problem } from '#libs/contracts';
import { type EgressPolicy, judgeUrl } from '#libs/egress';

export class UrlCheck {
  constructor(private readonly policy: EgressPolicy) {}

  /** @throws Problem with one text for whatever is not allowed: it must not tell what is inside our network. */
  check(url: string): void {
    if (judgeUrl(url, this.policy).verdict === 'allow') return;
    throw new Problem('destination_url_denied', 'Events are not sent to this URL.', [
      {
        path: 'url',
        message:
          'must be a public address that this installation is allowed to send to (by default https on a usual port)',
      },
    ]);
  }
}
