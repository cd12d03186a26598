import { Problem } from '#libs/contracts';

/** Where a value stands in the bytes: from `start` to before `end`. */
export interface Slice {
  readonly start: number;
  readonly end: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const ZERO = 0x30;
const NINE = 0x39;

/**
 * Checks that the bytes are one JSON object (RFC 8259) and tells where its members' values are, without building any
 * value: what a publisher wrote can then be handed on as the very same bytes. Names that occur twice, and `__proto__`,
 * are refused at this level: two readers could understand them differently.
 * @throws Problem `invalid_json` saying where, `json_too_deep` beyond `maxDepth` levels inside a member.
 */
export function scanObject(bytes: Buffer, maxDepth: number): Map<string, Slice> {
  return new Scanner(bytes, maxDepth).document();
}

class Scanner {
  #at = 0;

  constructor(
    private readonly bytes: Buffer,
    private readonly maxDepth: number,
  ) {}

  document(): Map<string, Slice> {
    const members = new Map<string, Slice>();
    this.#space();
    if (this.bytes[this.#at] !== OPEN_BRACE) this.#fail('an object is expected');
    this.#list(CLOSE_BRACE, () => {
      const name = this.#name();
      if (members.has(name)) this.#fail(`"${name.slice(0, 40)}" is there twice`);
      if (name === '__proto__') this.#fail('"__proto__" is not allowed');
      const start = this.#at;
      this.#value(0);
      members.set(name, { start, end: this.#at });
    });
    this.#space();
    if (this.#at < this.bytes.length) this.#fail('nothing may follow the object');
    return members;
  }

  /** The opening bracket, items with commas between them, the closing one. */
  #list(close: number, item: () => void): void {
    this.#at++;
    this.#space();
    if (this.bytes[this.#at] === close) {
      this.#at++;
      return;
    }
    for (;;) {
      this.#space();
      item();
      this.#space();
      const next = this.bytes[this.#at++];
      if (next === close) return;
      if (next !== COMMA) this.#fail('a comma or the end is expected', this.#at - 1);
    }
  }

  #name(): string {
    const start = this.#at;
    if (this.bytes[start] !== QUOTE) this.#fail('a name in double quotes is expected');
    this.#string();
    const name = JSON.parse(this.bytes.toString('utf8', start, this.#at)) as string;
    this.#space();
    if (this.bytes[this.#at] !== COLON) this.#fail('a colon is expected');
    this.#at++;
    this.#space();
    return name;
  }

  #value(depth: number): void {
    const first = this.bytes[this.#at];
    if (first === QUOTE) this.#string();
    else if (first === OPEN_BRACE) this.#nested(CLOSE_BRACE, depth + 1);
    else if (first === OPEN_BRACKET) this.#nested(CLOSE_BRACKET, depth + 1);
    else if (first === 0x2d || isDigit(first)) this.#number();
    else this.#literal();
  }

  #nested(close: number, depth: number): void {
    if (depth > this.maxDepth) {
      throw new Problem('json_too_deep', `JSON may be nested ${this.maxDepth} levels deep.`);
    }
    this.#list(close, () => {
      if (close === CLOSE_BRACE) this.#memberName();
      this.#value(depth);
    });
  }

  /** Of a member inside: only its form matters. */
  #memberName(): void {
    if (this.bytes[this.#at] !== QUOTE) this.#fail('a name in double quotes is expected');
    this.#string();
    this.#space();
    if (this.bytes[this.#at] !== COLON) this.#fail('a colon is expected');
    this.#at++;
    this.#space();
  }

  #string(): void {
    const { bytes } = this;
    for (let at = this.#at + 1; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      if (byte === QUOTE) {
        this.#at = at + 1;
        return;
      }
      if (byte < 0x20) this.#fail('a control character inside a string must be escaped', at);
      if (byte === BACKSLASH) at += this.#escape(at + 1);
    }
    this.#fail('a string does not end', bytes.length);
  }

  /** @returns how many bytes follow the backslash. */
  #escape(at: number): number {
    const kind = this.bytes[at];
    if (kind === 0x75) {
      if (!/^[0-9a-fA-F]{4}$/.test(this.bytes.toString('latin1', at + 1, at + 5))) {
        this.#fail('\\u needs four hexadecimal digits', at);
      }
      return 5;
    }
    if (kind === undefined || !'"\\/bfnrt'.includes(String.fromCharCode(kind))) {
      this.#fail('there is no such escape', at);
    }
    return 1;
  }

  #number(): void {
    if (this.bytes[this.#at] === 0x2d) this.#at++;
    if (this.bytes[this.#at] === ZERO) this.#at++;
    else this.#digits();
    if (this.bytes[this.#at] === 0x2e) {
      this.#at++;
      this.#digits();
    }
    const exponent = this.bytes[this.#at];
    if (exponent === 0x65 || exponent === 0x45) {
      this.#at++;
      const sign = this.bytes[this.#at];
      if (sign === 0x2b || sign === 0x2d) this.#at++;
      this.#digits();
    }
  }

  #digits(): void {
    const start = this.#at;
    while (isDigit(this.bytes[this.#at])) this.#at++;
    if (this.#at === start) this.#fail('a digit is expected');
  }

  #literal(): void {
    for (const literal of ['true', 'false', 'null']) {
      if (this.bytes.toString('latin1', this.#at, this.#at + literal.length) === literal) {
        this.#at += literal.length;
        return;
      }
    }
    this.#fail('a value is expected');
  }

  #space(): void {
    for (;;) {
      const byte = this.bytes[this.#at];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
      this.#at++;
    }
  }

  #fail(what: string, at: number = this.#at): never {
    throw new Problem('invalid_json', `The body is not valid JSON: ${what} (at byte ${at}).`);
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}
