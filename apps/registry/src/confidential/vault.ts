import { isDeepStrictEqual } from 'node:util';
import { Secret } from '#libs/config';
import { type DestinationHeader, type DestinationSecret, Problem, type Signing } from '#libs/contracts';
import { Letterbox, Sealer, sealFor } from '#libs/sealing';
import { generateSecret, parseSecret } from '#libs/signing';
import type { DestinationRow } from '../registry.tables.js';
import { changeHeaders, type HeaderSeal, replaceHeaders } from './change-headers.js';

/** What came sealed with a request. */
interface Confided {
  readonly secret?: string;
  readonly headers?: object | null;
}

/** What a destination has that is sealed. */
type Sealed = Pick<DestinationRow, 'id' | 'sealed_secrets' | 'retiring_secrets' | 'headers'>;

/** Whatever of a destination is confidential: sealed where it is kept, and on its way to and from here. */
export class Vault {
  readonly #sealer: Sealer;
  readonly #letterbox: Letterbox;

  constructor(masterKeys: readonly Secret[]) {
    this.#sealer = new Sealer(masterKeys);
    this.#letterbox = Letterbox.ofMasterKeys(masterKeys as [Secret, ...Secret[]]);
  }

  /** Of the master key that seals now. */
  get keyId(): string {
    return this.#sealer.keyId;
  }

  /** Everything of a destination that is sealed, under the present master key. @returns undefined if it is so already. */
  renew(row: Sealed): Sealed | undefined {
    const { id } = row;
    const renewed = {
      id,
      sealed_secrets: row.sealed_secrets.map((sealed) => this.#sealer.renew(sealed, id)),
      retiring_secrets: row.retiring_secrets.map((secret) => ({
        ...secret,
        sealed: this.#sealer.renew(secret.sealed, id),
      })),
      headers: row.headers.map((header) => this.#renewHeader(header, id)),
    };
    return isDeepStrictEqual(pickSealed(row), renewed) ? undefined : renewed;
  }

  #renewHeader(header: DestinationHeader, destinationId: string): DestinationHeader {
    const { name, value = '', sealed } = header;
    const binding = headerBinding(destinationId, name);
    // A registry before sealing of all headers wrote the value itself.
    if (sealed === undefined) return { name, sealed: this.#sealer.seal(value, binding) };
    return { name, sealed: this.#sealer.renew(sealed, binding) };
  }

  /** Where others write to. */
  get address(): string {
    return this.#letterbox.address;
  }

  /** @throws what libs/sealing does: somebody else than the gateway wrote it, or by a key that is gone. */
  read(sealed: string | undefined): Confided {
    return sealed === undefined ? {} : (JSON.parse(this.#letterbox.open(sealed).reveal()) as Confided);
  }

  /**
   * A signing secret, the caller's own or a new one, sealed for this destination.
   * @throws Problem `validation_failed` if the caller's cannot sign as it is to.
   */
  signingSecret(destinationId: string, signing: Signing, own?: string): string {
    const secret = own === undefined ? generateSecret(signing) : new Secret(own);
    if (parseSecret(secret)?.signing !== signing) throw invalidSecret(signing);
    return this.#sealer.seal(secret.reveal(), destinationId);
  }

  /** @throws Problem, see changeHeaders. */
  changeHeaders(
    destinationId: string,
    before: readonly DestinationHeader[],
    patch: object | null,
  ): DestinationHeader[] {
    return changeHeaders(before, patch, this.#headerSeal(destinationId));
  }

  /** @throws Problem, see changeHeaders. */
  replaceHeaders(
    destinationId: string,
    before: readonly DestinationHeader[],
    patch: object | null,
  ): ReturnType<typeof replaceHeaders> {
    return replaceHeaders(before, patch, this.#headerSeal(destinationId));
  }

  #headerSeal(destinationId: string): HeaderSeal {
    return {
      seal: (name, value) => this.#sealer.seal(value, headerBinding(destinationId, name)),
      open: ({ name, value = '', sealed }) =>
        sealed === undefined ? value : this.#sealer.open(sealed, headerBinding(destinationId, name)).reveal(),
    };
  }

  /** What the owner of a destination is told of its secrets, sealed for whoever asked. */
  tellSecrets(row: DestinationRow, now: Date, replyAddress: string): string {
    const [present] = row.sealed_secrets;
    if (present === undefined) throw new Error(`${row.id} has no secret`);
    const told: DestinationSecret = {
      ...this.#verification(row.id, present),
      previous: row.retiring_secrets
        .filter(({ validUntil }) => Date.parse(validUntil) > now.getTime())
        .map(({ sealed, validUntil }) => ({ ...this.#verification(row.id, sealed), validUntil })),
    };
    return sealFor(replyAddress, JSON.stringify(told));
  }

  #verification(destinationId: string, sealed: string): Omit<DestinationSecret, 'previous'> {
    const secret = this.#sealer.open(sealed, destinationId);
    const { signing = 'hmac-sha256', publicKey } = parseSecret(secret) ?? {};
    return publicKey === undefined ? { signing, secret: secret.reveal() } : { signing, publicKey };
  }
}

function pickSealed({ id, sealed_secrets, retiring_secrets, headers }: Sealed): Sealed {
  return { id, sealed_secrets, retiring_secrets, headers };
}

/** A sealed value opens for this header of this destination only. */
function headerBinding(destinationId: string, name: string): string {
  return `${destinationId} ${name.toLowerCase()}`;
}

function invalidSecret(signing: Signing): Problem {
  return new Problem('validation_failed', 'This secret cannot be used.', [
    {
      path: 'secret',
      message:
        signing === 'ed25519'
          ? 'must be whsk_ followed by the base64 of an ed25519 private key: 32 bytes, or 64 with the public one behind'
          : 'must be whsec_ followed by the base64 of 24 to 64 bytes',
    },
  ]);
}
