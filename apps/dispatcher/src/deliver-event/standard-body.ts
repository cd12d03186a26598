import { isJsonType } from '#libs/contracts';

/**
 * The `standard` format: `{"type":…,"timestamp":…,"data":<the published bytes>}`. The payload is put in as it is, not
 * parsed and written anew, so that `1.0`, large numbers and the order of keys arrive as published. One that is not JSON
 * cannot be: `contentType` and `dataBase64` then take the place of `data`. Without a payload `data` is null.
 */
export function standardBody(event: {
  eventType: string;
  timestamp: string;
  contentType?: string;
  body: Buffer;
}): Buffer {
  const { eventType: type, timestamp, contentType, body } = event;
  if (!isJsonType(contentType)) {
    return Buffer.from(JSON.stringify({ type, timestamp, contentType, dataBase64: body.toString('base64') }));
  }
  const head = JSON.stringify({ type, timestamp }).slice(0, -1);
  const data = body.length === 0 ? Buffer.from('null') : body;
  return Buffer.concat([Buffer.from(`${head},"data":`), data, Buffer.from('}')]);
}
