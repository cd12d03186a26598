import { Problem } from '#libs/contracts';
import { type EgressPolicy, judgeUrl, type UrlDenial } from '#libs/egress';

const publicAddress =
  'must be a public address that this installation is allowed to send to (by default https on a usual port)';

export class UrlCheck {
  readonly #messages: Readonly<Record<UrlDenial, string>>;

  constructor(private readonly policy: EgressPolicy) {
    const schemes = policy.allowHttp ? 'https:// or http://' : 'https://';
    const ports = policy.allowedPorts === 'all' ? '1 to 65535' : policy.allowedPorts.join(', ');
    this.#messages = {
      characters: 'must not have white space, control characters or backslashes: encode them',
      fragment: 'must not have a fragment (#…), which is never sent',
      host: publicAddress,
      malformed: 'must be a URL with a host, such as https://example.com/webhooks',
      no_scheme: `must begin with ${schemes}`,
      own_address:
        "must not be Posthorn's own address (POSTHORN_PUBLIC_URLS): each webhook would publish an event again",
      port: `must have a port that this installation sends to: ${ports}`,
      scheme: `must begin with ${schemes}, and not with another scheme`,
      too_long: 'must have at most 2048 characters, also when what is not ASCII is encoded',
      userinfo:
        'must not have a user name or password: put credentials into `headers`, such as authorization',
    };
  }

  /**
   * Says what of the text is wrong. Of a host there is one text for whatever is not allowed: it must not tell what is
   * inside our network.
   * @throws Problem `destination_url_denied`
   */
  check(url: string): void {
    const judged = judgeUrl(url, this.policy);
    if (judged.verdict === 'allow') return;
    throw new Problem('destination_url_denied', 'Events are not sent to this URL.', [
      { path: 'url', message: this.#messages[judged.reason] },
    ]);
  }
}
