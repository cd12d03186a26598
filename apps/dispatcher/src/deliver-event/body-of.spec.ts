import { jsonText } from '#libs/testing';
import fc from 'fast-check';
import { bodyOf } from './body-of.js';
import type { Deliverable } from './deliverable.js';

const event = (body: string | Buffer, changes: Partial<Deliverable> = {}): Deliverable => ({
  tenantId: 't',
  eventId: 'e-1',
  eventType: 'invoice.paid',
  timestamp: '2026-01-01T00:00:00Z',
  body: Buffer.from(body),
  ...changes,
});
const text = (...of: Parameters<typeof bodyOf>) => bodyOf(...of).body.toString();
const image = Buffer.from([0xff, 0x00, 0x22]);
const head = '"type":"invoice.paid","timestamp":"2026-01-01T00:00:00Z"';
const cloudHead =
  '"specversion":"1.0","id":"e-1","source":"urn:posthorn:tenant:t","type":"invoice.paid","time":"2026-01-01T00:00:00Z"';

describe('the body of a webhook', () => {
  it('carries JSON byte for byte in every format, 10,000 different ones', () => {
    const carried = fc.property(jsonText(), (data) => {
      expect(text('standard', event(data))).toBe(`{${head},"data":${data}}`);
      expect(text('raw', event(data))).toBe(data);
      expect(text('cloudevents', event(data))).toBe(
        `{${cloudHead},"datacontenttype":"application/json","data":${data}}`,
      );
    });
    fc.assert(carried, { numRuns: 10_000 });
  }, 60_000);

  it('is a standard one where the destination has a format of a newer version', () => {
    for (const format of ['brand-new', 'constructor', 'toString'] as unknown as ['standard'])
      expect(text(format, event('1'))).toBe(text('standard', event('1')));
  });

  it('is said to be of the published content type only where it is that alone', () => {
    const published = event(image, { contentType: 'image/png' });
    expect(bodyOf('standard', published).contentType).toBe('application/json');
    expect(bodyOf('raw', published)).toEqual({ contentType: 'image/png', body: image });
    expect(bodyOf('raw', event('1')).contentType).toBe('application/json');
    expect(bodyOf('cloudevents', published).contentType).toBe('application/cloudevents+json');
  });

  it('carries bytes that are not JSON as base64', () => {
    const published = event(image, { contentType: 'image/png' });
    expect(text('standard', published)).toBe(`{${head},"contentType":"image/png","dataBase64":"/wAi"}`);
    expect(text('cloudevents', published)).toBe(
      `{${cloudHead},"datacontenttype":"image/png","data_base64":"/wAi"}`,
    );
  });

  it('carries text as text in a CloudEvent, unless it is in another encoding', () => {
    const member = (contentType: string, body: string | Buffer): object => {
      const { data, data_base64 } = JSON.parse(text('cloudevents', event(body, { contentType }))) as {
        data?: unknown;
        data_base64?: unknown;
      };
      return { data, data_base64 };
    };
    expect(member('text/plain', 'h"é')).toEqual({ data: 'h"é' });
    expect(member('application/xml; charset=UTF-8', '<a/>')).toEqual({ data: '<a/>' });
    expect(member('text/plain; charset=utf-16', 'ab')).toEqual({ data_base64: 'YWI=' });
    expect(member('text/plain', Buffer.from([0xe9]))).toEqual({ data_base64: '6Q==' });
    expect(member('application/vnd.acme+json', '{"a":1}')).toEqual({ data: { a: 1 } });
  });

  it('has no data in a CloudEvent that came without, and null in the standard format', () => {
    expect(text('cloudevents', event(''))).toBe(`{${cloudHead}}`);
    expect(text('standard', event(''))).toBe(`{${head},"data":null}`);
    expect(text('raw', event(''))).toBe('');
  });

  it('keeps the type of an empty payload, and its text', () => {
    const cloudEvent = (contentType: string) => text('cloudevents', event('', { contentType }));
    expect(cloudEvent('text/plain')).toBe(`{${cloudHead},"datacontenttype":"text/plain","data":""}`);
    expect(cloudEvent('image/png')).toBe(`{${cloudHead},"datacontenttype":"image/png","data_base64":""}`);
    expect(cloudEvent('application/json')).toBe(`{${cloudHead},"datacontenttype":"application/json"}`);
  });

  it('has no member twice in a CloudEvent, whatever the event came with', () => {
    const cloudEvent =
      '{"source":"/orders","data":"x","data_base64":"eA==","datacontenttype":"a/b","datacontentencoding":"base64","id":"2","specversion":"9"}';
    expect(text('cloudevents', event('1', { cloudEvent }))).toBe(
      `{${cloudHead.replace('urn:posthorn:tenant:t', '/orders')},"datacontenttype":"application/json","data":1}`,
    );
  });

  it('gives a CloudEvent the attributes back that it came with', () => {
    const cloudEvent = '{"source":"/orders","subject":"o/1","priority":7,"sampled":true}';
    expect(JSON.parse(text('cloudevents', event('1', { cloudEvent })))).toMatchObject({
      id: 'e-1',
      source: '/orders',
      subject: 'o/1',
      priority: 7,
      sampled: true,
      data: 1,
    });
  });
});
