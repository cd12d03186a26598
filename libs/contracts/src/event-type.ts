const part = '[A-Za-z0-9_:/-]+';
const partsMessage = 'parts of letters, digits, _, -, / and : joined by dots';

/** `invoice.paid`: parts joined by dots. */
export const eventTypeSyntax = new RegExp(`^${part}(\\.${part})*$`);
export const eventTypeMaxLength = 255;
export const eventTypeMessage = `must be ${partsMessage}, such as invoice.paid, at most ${eventTypeMaxLength} characters`;

/** A subscription: an event type in which `*` stands for one part and `#` for any number of them. */
export const patternSyntax = new RegExp(`^(${part}|\\*|#)(\\.(${part}|\\*|#))*$`);

export const patternMessage = `must be ${partsMessage}, where * stands for one part and # for any number`;

export const tenantIdSyntax = /^[A-Za-z0-9_-]{1,64}$/;
/** The tenant whose events tell the operator of Posthorn what happens in it. */
export const operatorTenantId = 'posthorn';
/** Visible ASCII: it is a header of a webhook, and a part of a path. */
export const eventIdSyntax = /^[\x21-\x7e]{1,256}$/;
export const eventIdMessage = 'must be 1 to 256 visible ASCII characters, and not . or ..';

/** Clients take the parts `.` and `..` out of a path, also when they are percent-encoded. */
export function isEventId(text: string): boolean {
  return eventIdSyntax.test(text) && text !== '.' && text !== '..';
}

/** `#` is every type; so is `*` where it is alone, as users of other gateways mean it, and not every type of one part. */
export function meansEveryType(patterns: readonly string[]): boolean {
  return patterns.includes('#') || (patterns.length === 1 && patterns[0] === '*');
}
