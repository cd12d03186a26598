import { contentDigest } from './content-digest.js';

const digest = (eventType: string, body: string, contentType?: string): string =>
  contentDigest({
    eventType,
    body: Buffer.from(body),
    ...(contentType !== undefined && { contentType }),
  }).toString('hex');

describe('the digest of a content', () => {
  it('is one for the same type and bytes, however JSON is named', () => {
    expect(digest('a.b', '{"a":1}')).toBe(digest('a.b', '{"a":1}', 'application/json; charset=utf-8'));
    expect(digest('a.b', '{"a":1}')).toHaveLength(64);
  });

  it('is another one for each other type, media type and byte', () => {
    const digests = [
      digest('a', '1'),
      digest('a', '1.0'),
      digest('b', '1'),
      digest('a', '1', 'text/plain'),
      digest('a', '1', 'text/html'),
      digest('a', ''),
    ];
    expect(new Set(digests).size).toBe(digests.length);
  });
});
