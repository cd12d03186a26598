import type { ProblemCode } from '#libs/contracts';

export interface HeaderFault {
  readonly code: Extract<ProblemCode, 'header_not_allowed' | 'validation_failed'>;
  readonly message: string;
}

export const headerLimits = { count: 20, nameLength: 128, valueBytes: 4096, totalBytes: 8192 };

/** RFC 9110, section 5.6.2. */
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Latin-1 without control characters but for the tab. */
const field = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Those that say where a message ends and whom it is for, and those that Posthorn writes itself. */
const denied = new Set(
  `host content-length transfer-encoding connection keep-alive upgrade te trailer expect content-encoding
  content-type user-agent accept-encoding`.split(/\s+/),
);
const deniedPrefixes = ['proxy-', 'webhook-', 'posthorn-'];

/** @returns what is wrong with one header, undefined if nothing is. */
export function judgeHeader(name: string, value: unknown): HeaderFault | undefined {
  if (name.length > headerLimits.nameLength || !token.test(name)) {
    return invalid(
      `must have a name of 1 to ${headerLimits.nameLength} letters, digits, or signs such as - and _`,
    );
  }
  const lowerCase = name.toLowerCase();
  if (denied.has(lowerCase) || deniedPrefixes.some((prefix) => lowerCase.startsWith(prefix))) {
    return { code: 'header_not_allowed', message: 'is a header that cannot be set' };
  }
  if (typeof value !== 'string') return invalid('must be a string, or null to take it away');
  if (!field.test(value)) return invalid('must not contain control characters, or any beyond Latin-1');
  // In Latin-1 a character is a byte.
  if (value.length > headerLimits.valueBytes)
    return invalid(`must have at most ${headerLimits.valueBytes} bytes`);
  return undefined;
}

function invalid(message: string): HeaderFault {
  return { code: 'validation_failed', message };
}
