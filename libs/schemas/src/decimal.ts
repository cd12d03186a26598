/** A number by its decimal digits: `±digits × 10^exponent`, without a zero at either end of the digits; none for 0. */
export interface Decimal {
  readonly isNegative: boolean;
  readonly digits: string;
  readonly exponent: number;
}

/** Beyond every double, and exact as one. What is larger counts as this large. */
const maxExponent = 1e15;
const digitsPerStep = 15;

/** Reads a number of JSON in time proportional to its length. */
export function decimalOf(number: string): Decimal {
  const [mantissa = '', power = '0'] = number.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const all = withoutLeadingZeros(whole + fraction);
  const digits = withoutTrailingZeros(all);
  const exponent = bounded(Number(power)) - fraction.length + all.length - digits.length;
  return {
    isNegative: digits !== '' && mantissa.startsWith('-'),
    digits,
    exponent: digits === '' ? 0 : exponent,
  };
}

export function isSame(one: Decimal, other: Decimal): boolean {
  return (
    one.isNegative === other.isNegative && one.digits === other.digits && one.exponent === other.exponent
  );
}

/** Below 0 if the first is the smaller one, above 0 if it is the larger one. */
export function compare(one: Decimal, other: Decimal): number {
  const signs = signOf(one) - signOf(other);
  return signs === 0 ? signOf(one) * compareSizes(one, other) : signs;
}

export function isInteger({ exponent }: Decimal): boolean {
  return exponent >= 0;
}

/** Whether a number is some integer times a divisor above 0. The divisor has few digits: it is a double. */
export function isMultiple(number: Decimal, divisor: Decimal): boolean {
  if (number.digits === '') return true;
  // Its last digit is not 0: it is no multiple of what ends at a higher place.
  const shift = number.exponent - divisor.exponent;
  if (shift < 0) return false;
  const modulus = BigInt(divisor.digits);
  return (remainder(number.digits, modulus) * powerOfTen(shift, modulus)) % modulus === 0n;
}

function remainder(digits: string, modulus: bigint): bigint {
  let rest = 0n;
  for (let at = 0; at < digits.length; at += digitsPerStep) {
    const step = digits.slice(at, at + digitsPerStep);
    rest = (rest * 10n ** BigInt(step.length) + BigInt(step)) % modulus;
  }
  return rest;
}

function powerOfTen(exponent: number, modulus: bigint): bigint {
  let power = 1n % modulus;
  let square = 10n % modulus;
  for (let bits = BigInt(exponent); bits > 0n; bits >>= 1n) {
    if ((bits & 1n) === 1n) power = (power * square) % modulus;
    square = (square * square) % modulus;
  }
  return power;
}

function signOf({ isNegative, digits }: Decimal): number {
  if (digits === '') return 0;
  return isNegative ? -1 : 1;
}

function compareSizes(one: Decimal, other: Decimal): number {
  const places = one.exponent + one.digits.length - (other.exponent + other.digits.length);
  if (places !== 0) return places;
  if (one.digits === other.digits) return 0;
  return one.digits < other.digits ? -1 : 1;
}

function bounded(exponent: number): number {
  return Math.min(maxExponent, Math.max(-maxExponent, exponent));
}

function withoutLeadingZeros(digits: string): string {
  let start = 0;
  while (digits[start] === '0') start++;
  return digits.slice(start);
}

function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end--;
  return digits.slice(0, end);
}
