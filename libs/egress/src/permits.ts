interface Holder {
  held: number;
  readonly waiting: Set<() => void>;
}

/** So many permits for each holder; who finds none left waits in the order of coming. */
export class Permits {
  readonly #holders = new Map<string, Holder>();

  constructor(private readonly perHolder: number) {}

  /** @returns what gives the permit back. Rejects with the reason of the signal. */
  async take(name: string, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    const holder = this.#holders.get(name) ?? { held: 0, waiting: new Set() };
    this.#holders.set(name, holder);
    if (holder.held >= this.perHolder) await turnOf(holder, signal);
    else holder.held += 1;
    return () => this.#giveBack(name, holder);
  }

  #giveBack(name: string, holder: Holder): void {
    const [next] = holder.waiting;
    if (next) return next();
    holder.held -= 1;
    if (holder.held === 0) this.#holders.delete(name);
  }
}

/** The permit that comes free is passed on: `held` does not change. */
function turnOf({ waiting }: Holder, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const leave = () => {
    waiting.delete(take);
    reject(signal.reason);
  };
  const take = () => {
    waiting.delete(take);
    signal.removeEventListener('abort', leave);
    resolve();
  };
  waiting.add(take);
  signal.addEventListener('abort', leave, { once: true });
  return promise;
}
