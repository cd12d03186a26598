/**
 * Tells the broker which messages of a channel are done, once for all that are done in one turn of the event loop: by one
 * acknowledgement up to a message where no earlier one is in hand any more, and one by one behind one that is. Each is an
 * entry in the log of a quorum queue.
 */
export class Acks<Message> {
  /** Not acknowledged, in the order in which they came. */
  readonly #open = new Set<Message>();
  readonly #done = new Set<Message>();

  constructor(private readonly tell: (message: Message, allUpTo: boolean) => void) {}

  /** To be called for each message of the channel as it comes: what is not known of would be acknowledged with others. */
  came(message: Message): void {
    this.#open.add(message);
  }

  done(message: Message): void {
    if (this.#done.size === 0) process.nextTick(() => this.flush());
    this.#done.add(message);
  }

  /** For who does not wait for the end of the turn. */
  flush(): void {
    let last: Message | undefined;
    for (const message of this.#open) {
      if (!this.#done.delete(message)) break;
      this.#open.delete(message);
      last = message;
    }
    if (last !== undefined) this.tell(last, true);
    for (const message of this.#done) {
      this.#open.delete(message);
      this.tell(message, false);
    }
    this.#done.clear();
  }
}
