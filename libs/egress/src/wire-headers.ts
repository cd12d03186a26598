/** They say where a message ends and who it is for; the HTTP client sets them, or nobody does. */
const reserved = new Set(
  'host content-length transfer-encoding connection keep-alive upgrade te trailer expect'.split(' '),
);

/**
 * Names and values in turn. An `accept-encoding` is left out: nothing here unpacks an answer.
 * @returns undefined when a header is not the caller's to set.
 */
export function wireHeaders(headers: Readonly<Record<string, string>>): string[] | undefined {
  const wire: string[] = [];
  for (const name of Object.keys(headers)) {
    const lowerCase = name.toLowerCase();
    if (reserved.has(lowerCase) || lowerCase.startsWith('proxy-')) return undefined;
    const value = headers[name];
    if (lowerCase !== 'accept-encoding' && value !== undefined) wire.push(name, value);
  }
  return wire;
}
