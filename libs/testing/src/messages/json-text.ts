import fc from 'fast-check';

const space = fc.constantFrom('', '', '', ' ', '\n', '\t \r\n');
const number = fc.oneof(
  fc.constantFrom('-0', '1.0', '1e400', '9007199254740993', '-12.50E-3', '0.1e+1'),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
);
/** Made where it is used: fast-check keeps a table of every code point for it, 100 MB. */
const anyText = (): fc.Arbitrary<string> =>
  fc.oneof(
    fc.string({ unit: 'binary' }).map((value) => JSON.stringify(value)),
    fc.string().map((value) => JSON.stringify(value)),
    fc.constantFrom('"\\u0000"', '"\\ud800"', '"\\/\\b"', '"__proto__"', '"\\u00E9é€😀"'),
  );

const list = (open: string, items: fc.Arbitrary<string>, close: string): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.array(
        fc.tuple(space, items, space).map((parts) => parts.join('')),
        { maxLength: 4 },
      ),
      space,
    )
    .map(([inside, empty]) => open + (inside.join(',') || empty) + close);

/** JSON as somebody might write it: odd numbers, escapes, white space, names that occur twice. */
export function jsonText(): fc.Arbitrary<string> {
  const text = anyText();
  return fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      number,
      text,
      fc.constantFrom('true', 'false', 'null'),
      list('[', tie('value'), ']'),
      list(
        '{',
        fc.tuple(text, space, space, tie('value')).map(([name, a, b, value]) => `${name}${a}:${b}${value}`),
        '}',
      ),
    ),
  })).value;
}
