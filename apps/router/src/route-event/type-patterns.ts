import { meansEveryType } from '#libs/contracts';

const wordBits = 32;

/** An event type, taken apart once for all patterns that it is compared with. */
export class TypeParts {
  readonly count: number;
  /** For each part the places behind which it stands, as bits: `b` in `a.b.a` has the one of 2. */
  readonly #places = new Map<string, Uint32Array>();

  constructor(readonly eventType: string) {
    const parts = eventType.split('.');
    this.count = parts.length;
    for (const [index, part] of parts.entries()) {
      const places = this.#places.get(part) ?? this.noPlaces();
      set(places, index + 1);
      this.#places.set(part, places);
    }
  }

  placesOf(part: string): Uint32Array | undefined {
    return this.#places.get(part);
  }

  noPlaces(): Uint32Array {
    return new Uint32Array(Math.floor(this.count / wordBits) + 1);
  }
}

/**
 * The event types of a destination, in RabbitMQ's topic syntax: parts joined by dots, `*` for exactly one part, `#` for
 * any number of them, also none. Read once; what a comparison takes grows with the length of the patterns, as an event
 * type has few words of bits.
 */
export class TypePatterns {
  readonly #isEveryType: boolean;
  readonly #exact: ReadonlySet<string>;
  readonly #patterns: readonly (readonly string[])[];
  /** How many tokens a comparison looks at. */
  readonly cost: number;

  constructor(eventTypes: readonly string[]) {
    this.#isEveryType = meansEveryType(eventTypes);
    const patterns = this.#isEveryType ? [] : eventTypes.filter((pattern) => /[*#]/.test(pattern));
    this.#exact = new Set(this.#isEveryType ? [] : eventTypes.filter((type) => !/[*#]/.test(type)));
    this.#patterns = patterns.map((pattern) => pattern.split('.'));
    this.cost = this.#patterns.reduce((sum, tokens) => sum + tokens.length, 1);
  }

  match(type: TypeParts): boolean {
    return (
      this.#isEveryType ||
      this.#exact.has(type.eventType) ||
      this.#patterns.some((tokens) => matches(tokens, type))
    );
  }
}

/** Bit n of what is reached: the tokens so far match the first n parts. */
function matches(tokens: readonly string[], type: TypeParts): boolean {
  const reached = type.noPlaces();
  set(reached, 0);
  for (const token of tokens) {
    if (token === '#') fillUp(reached);
    else if (!advance(reached, token === '*' ? undefined : (type.placesOf(token) ?? type.noPlaces()))) {
      return false;
    }
  }
  return isSet(reached, type.count);
}

/** By one part, which has to stand at one of these places, if they are given. @returns whether anything is reached. */
function advance(reached: Uint32Array, places: Uint32Array | undefined): boolean {
  let carried = 0;
  let any = 0;
  for (let word = 0; word < reached.length; word++) {
    const bits = reached[word] ?? 0;
    const moved = (bits << 1) | carried;
    carried = bits >>> (wordBits - 1);
    reached[word] = moved & (places?.[word] ?? -1);
    any |= reached[word] ?? 0;
  }
  return any !== 0;
}

/** All behind the first that is reached is reached too. */
function fillUp(reached: Uint32Array): void {
  const first = reached.findIndex((bits) => bits !== 0);
  const bits = reached[first] ?? 0;
  reached.fill(-1, first + 1);
  reached[first] = -(bits & -bits);
}

function set(bits: Uint32Array, index: number): void {
  const word = Math.floor(index / wordBits);
  bits[word] = (bits[word] ?? 0) | (1 << (index % wordBits));
}

function isSet(bits: Uint32Array, index: number): boolean {
  return ((bits[Math.floor(index / wordBits)] ?? 0) & (1 << (index % wordBits))) !== 0;
}
