const noteEveryMs = 15_000;

/** What happens at the moment: one line that is written over, or where nobody watches a line now and then. */
export class Progress {
  #prefix = '';
  #notedAtMs = 0;

  constructor(private readonly output: NodeJS.WriteStream = process.stderr) {}

  begin(what: string): void {
    this.#prefix = what;
    this.#notedAtMs = 0;
  }

  readonly say = (text: string): void => {
    const line = `${this.#prefix}: ${text}`;
    if (this.output.isTTY) this.output.write(`\r\u001B[2K${line.slice(0, this.output.columns - 1)}`);
    else if (Date.now() - this.#notedAtMs >= noteEveryMs) {
      this.#notedAtMs = Date.now();
      this.output.write(`${line}\n`);
    }
  };

  clear(): void {
    if (this.output.isTTY) this.output.write('\r\u001B[2K');
  }
}
