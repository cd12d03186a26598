/** `application/json`, `application/vnd.acme+json; charset=utf-8`; also where nothing is said, as JSON is the rule. */
export function isJsonType(contentType: string | undefined): boolean {
  return contentType === undefined || /^[^/;\s]+\/(?:json|[^/;\s]+\+json)\s*(?:;|$)/i.test(contentType);
}
