const part = '[A-Za-z0-9_]+';

/** `invoice.paid`: parts joined by dots. */
export const eventTypeSyntax = new RegExp(`^${part}(\\.${part})*$`);
export const eventTypeMaxLength = 255;

/** A subscription: an event type in which `*` stands for one part and `#` for any number of them. */
export const patternSyntax = new RegExp(`^(${part}|\\*|#)(\\.(${part}|\\*|#))*$`);

export const tenantIdSyntax = /^[A-Za-z0-9_-]{1,64}$/;
/** The tenant whose events tell the operator of Posthorn what happens in it. */
export const operatorTenantId = 'posthorn';
export const eventIdSyntax = /^[A-Za-z0-9_-]{1,128}$/;

/** `#` is every type; so is `*` where it is alone, as users of other gateways mean it, and not every type of one part. */
export function meansEveryType(patterns: readonly string[]): boolean {
  return patterns.includes('#') || (patterns.length === 1 && patterns[0] === '*');
}
