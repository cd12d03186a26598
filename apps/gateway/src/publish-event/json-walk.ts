import { Problem } from '#libs/contracts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const LETTER_F = 0x66;
const LETTER_T = 0x74;
const LETTER_U = 0x75;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** 1 for each byte that a string may hold as it is. */
const plain = new Uint8Array(256).fill(1, 0x20);
plain[QUOTE] = plain[BACKSLASH] = 0;
const hexadecimal = marked('0123456789abcdefABCDEF');
const escapes = marked('"\\/bfnrt');
const words = { true: Buffer.from('true'), false: Buffer.from('false'), null: Buffer.from('null') };

function marked(characters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of Buffer.from(characters)) table[byte] = 1;
  return table;
}

/** Walks over JSON (RFC 8259) value by value, and builds none. */
export class JsonWalk {
  /** The byte it stands at. */
  at = 0;

  constructor(
    private readonly bytes: Buffer,
    private readonly maxDepth: number,
  ) {}

  /** The byte it stands at, behind any white space. */
  peek(): number | undefined {
    const byte = this.bytes[this.at];
    if (byte !== undefined && byte > 0x20) return byte;
    this.#space();
    return this.bytes[this.at];
  }

  /** Steps over one value. */
  value(depth = 0): void {
    const first = this.bytes[this.at];
    if (first === QUOTE) this.string();
    else if (first === OPEN_BRACE) this.#object(depth + 1);
    else if (first === OPEN_BRACKET) this.#array(depth + 1);
    else if (first === MINUS || isDigit(first)) this.#number();
    else this.#literal(first);
  }

  string(): void {
    const { bytes } = this;
    if (bytes[this.at] !== QUOTE) this.fail('a name in double quotes is expected');
    for (let at = this.at + 1; ; at++) {
      while (plain[bytes[at] as number] === 1) at++;
      const byte = bytes[at];
      if (byte === BACKSLASH) at += this.#escape(at + 1);
      else if (byte === QUOTE) {
        this.at = at + 1;
        return;
      } else if (byte === undefined) this.fail('a string does not end', at);
      else this.fail('a control character inside a string must be escaped', at);
    }
  }

  /** The colon behind a name, and the white space around it. */
  colon(): void {
    if (this.peek() !== COLON) this.fail('a colon is expected');
    this.at++;
    this.peek();
  }

  /** After the opening bracket. @returns whether there is an item, and then stands at it. */
  isAnyIn(close: number): boolean {
    this.at++;
    if (this.peek() !== close) return true;
    this.at++;
    return false;
  }

  /** After an item. @returns whether there is another one, and then stands at it. */
  isMoreIn(close: number): boolean {
    const next = this.peek();
    if (next !== COMMA && next !== close) this.fail('a comma or the end is expected');
    this.at++;
    if (next === close) return false;
    this.peek();
    return true;
  }

  fail(what: string, at: number = this.at): never {
    throw new Problem('invalid_json', `The body is not valid JSON: ${what} (at byte ${at}).`);
  }

  #object(depth: number): void {
    this.#checkDepth(depth);
    if (!this.isAnyIn(CLOSE_BRACE)) return;
    do {
      this.string();
      this.colon();
      this.value(depth);
    } while (this.isMoreIn(CLOSE_BRACE));
  }

  #array(depth: number): void {
    this.#checkDepth(depth);
    if (!this.isAnyIn(CLOSE_BRACKET)) return;
    do this.value(depth);
    while (this.isMoreIn(CLOSE_BRACKET));
  }

  #checkDepth(depth: number): void {
    if (depth <= this.maxDepth) return;
    throw new Problem('json_too_deep', `JSON may be nested ${this.maxDepth} levels deep.`);
  }

  /** @returns how many bytes follow the backslash. */
  #escape(at: number): number {
    const { bytes } = this;
    const kind = bytes[at] as number;
    if (escapes[kind] === 1) return 1;
    if (kind !== LETTER_U) this.fail('there is no such escape', at);
    for (let digit = at + 1; digit < at + 5; digit++) {
      if (hexadecimal[bytes[digit] as number] !== 1) this.fail('\\u needs four hexadecimal digits', at);
    }
    return 5;
  }

  #number(): void {
    if (this.bytes[this.at] === MINUS) this.at++;
    if (this.bytes[this.at] === ZERO) this.at++;
    else this.#digits();
    if (this.bytes[this.at] === DOT) {
      this.at++;
      this.#digits();
    }
    const exponent = this.bytes[this.at];
    if (exponent === 0x65 || exponent === 0x45) {
      this.at++;
      const sign = this.bytes[this.at];
      if (sign === 0x2b || sign === MINUS) this.at++;
      this.#digits();
    }
  }

  #digits(): void {
    const start = this.at;
    while (isDigit(this.bytes[this.at])) this.at++;
    if (this.at === start) this.fail('a digit is expected');
  }

  #literal(first: number | undefined): void {
    const word = first === LETTER_T ? words.true : first === LETTER_F ? words.false : words.null;
    for (let index = 0; index < word.length; index++) {
      if (this.bytes[this.at + index] !== word[index]) this.fail('a value is expected');
    }
    this.at += word.length;
  }

  #space(): void {
    const { bytes } = this;
    let byte = bytes[this.at];
    while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) byte = bytes[++this.at];
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}
