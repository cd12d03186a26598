import { eventIdSyntax, eventTypeMaxLength, eventTypeSyntax } from '#libs/contracts';

export interface Rule {
  readonly isValid: (text: string) => boolean;
  readonly message: string;
}

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;
const mediaType = /^[\w!#$&^.+-]{1,127}\/[\w!#$&^.+-]{1,127}(\s*;[\x20-\x7e]{0,200})?$/;
const maxTextLength = 2048;

/** What every event is held to, however it is written. */
export const rules = {
  id: {
    isValid: (text) => eventIdSyntax.test(text),
    message: 'must be 1 to 128 letters, digits, _ or -',
  },
  type: {
    isValid: (text) => text.length <= eventTypeMaxLength && eventTypeSyntax.test(text),
    message: `must be parts of letters, digits and _ joined by dots, such as invoice.paid, at most ${eventTypeMaxLength} characters`,
  },
  time: {
    isValid: (text) => rfc3339.test(text) && !Number.isNaN(Date.parse(text)),
    message: 'must be a time as in RFC 3339: 2026-01-31T12:00:00Z',
  },
  mediaType: {
    isValid: (text) => mediaType.test(text),
    message: 'must be a media type such as text/plain; charset=utf-8',
  },
  text: {
    isValid: (text) => text.length > 0 && text.length <= maxTextLength && text.isWellFormed(),
    message: `must be 1 to ${maxTextLength} characters`,
  },
} as const satisfies Record<string, Rule>;
