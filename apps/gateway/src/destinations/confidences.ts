import { create, type DestinationSecret, GetLetterbox } from '#libs/contracts';
import { AmqpClient } from '#libs/messaging';
import { Letterbox, sealFor } from '#libs/sealing';
import { Injectable } from '@nestjs/common';

/** What a caller may say that nobody but the registry is to read. */
interface Confiding {
  secret?: string;
  headers?: object | null;
}

/** Confidential parts of requests and answers: sealed while they are with the broker, which writes them to its disk. */
@Injectable()
export class Confidences {
  readonly #letterbox = Letterbox.fresh();

  constructor(private readonly client: AmqpClient) {}

  /** Where answers are to be sealed for. */
  get replyAddress(): string {
    return this.#letterbox.address;
  }

  /** Takes what is confidential out of what was given. @returns it, sealed for the registry; nothing if there is none. */
  async take(input: Confiding): Promise<{ sealed?: string }> {
    const { secret, headers } = input;
    delete input.secret;
    delete input.headers;
    if (secret === undefined && headers === undefined) return {};
    const { address } = await this.client.ask(create(GetLetterbox, {}));
    return { sealed: sealFor(address, JSON.stringify({ secret, headers })) };
  }

  open(sealed: string): DestinationSecret {
    return JSON.parse(this.#letterbox.open(sealed).reveal()) as DestinationSecret;
  }
}
