/** A connection to the inspector of a Node process. */
export class Inspector {
  readonly #pending = new Map<number, PromiseWithResolvers<unknown>>();
  #calls = 0;

  private constructor(private readonly socket: WebSocket) {
    socket.addEventListener('message', ({ data }) => {
      const { id, result } = JSON.parse(String(data)) as { id?: number; result?: unknown };
      if (id === undefined) return;
      this.#pending.get(id)?.resolve(result);
      this.#pending.delete(id);
    });
    socket.addEventListener('close', () => {
      for (const { reject } of this.#pending.values()) reject(new Error('the inspector has gone'));
    });
  }

  static async connect(url: string): Promise<Inspector> {
    const socket = new WebSocket(url);
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener('open', () => resolve());
      socket.addEventListener('error', () => reject(new Error(`no inspector at ${url}`)));
    });
    return new Inspector(socket);
  }

  send(method: string): Promise<unknown> {
    const pending = Promise.withResolvers<unknown>();
    const id = ++this.#calls;
    this.#pending.set(id, pending);
    this.socket.send(JSON.stringify({ id, method }));
    return pending.promise;
  }

  close(): void {
    this.socket.close();
  }
}
