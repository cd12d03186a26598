import {
  eventIdMessage,
  eventTypeMaxLength,
  eventTypeMessage,
  eventTypeSyntax,
  isEventId,
  isTimestamp,
  timestampMessage,
} from '#libs/contracts';

export interface Rule {
  readonly isValid: (text: string) => boolean;
  readonly message: string;
}

const mediaType = /^[\w!#$&^.+-]{1,127}\/[\w!#$&^.+-]{1,127}(\s*;[\x20-\x7e]{0,200})?$/;
const maxTextLength = 2048;

/** What every event is held to, however it is written. */
export const rules = {
  id: {
    isValid: isEventId,
    message: eventIdMessage,
  },
  type: {
    isValid: (text) => text.length <= eventTypeMaxLength && eventTypeSyntax.test(text),
    message: eventTypeMessage,
  },
  time: {
    isValid: isTimestamp,
    message: timestampMessage,
  },
  mediaType: {
    isValid: (text) => mediaType.test(text),
    message: 'must be a media type such as text/plain; charset=utf-8',
  },
  text: {
    isValid: (text) => text.length > 0 && text.length <= maxTextLength && text.isWellFormed(),
    message: `must be 1 to ${maxTextLength} characters`,
  },
  /** A reference of RFC 3986; what is in it beyond white space is its publisher's. */
  uri: {
    isValid: (text) => text.length <= maxTextLength && text.isWellFormed() && /^[^\s\p{Cc}]+$/u.test(text),
    message: `must be a URI reference of 1 to ${maxTextLength} characters, without white space`,
  },
} as const satisfies Record<string, Rule>;
