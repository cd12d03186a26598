/**
 * The `standard` format: `{"type":…,"timestamp":…,"data":<the published bytes>}`. The payload is put in as it is, not
 * parsed and written anew, so that `1.0`, large numbers and the order of keys arrive as published.
 */
export function standardBody(event: { eventType: string; timestamp: string; body: Buffer }): Buffer {
  const head = `{"type":${JSON.stringify(event.eventType)},"timestamp":${JSON.stringify(event.timestamp)},"data":`;
  return Buffer.concat([Buffer.from(head), event.body, Buffer.from('}')]);
}
