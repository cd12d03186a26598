import { connect } from 'node:net';
import * as behave from './behaviours.js';
import { WebhookReceiver } from './webhook-receiver.js';

describe('a receiver for tests', () => {
  let receiver: WebhookReceiver;
  beforeEach(async () => {
    receiver = await WebhookReceiver.start();
  });
  afterEach(() => receiver.stop());

  const post = (path: string, body = 'x') => fetch(receiver.url(path), { method: 'POST', body });

  it('answers 200 and remembers what came, byte for byte', async () => {
    const response = await fetch(receiver.url('/a?b=1'), {
      method: 'PUT',
      body: Buffer.from([0xff, 0]),
      headers: { x: 'y' },
    });
    expect(response.status).toBe(200);
    const [request] = await receiver.received('/a');
    expect(request).toMatchObject({
      method: 'PUT',
      path: '/a?b=1',
      headers: { x: 'y' },
      body: Buffer.from([0xff, 0]),
    });
    expect(request?.arrivedAt).toBeInstanceOf(Date);
  });

  it('takes the scripted steps in turn and stays at the last', async () => {
    receiver.answer('/a', 500, behave.respond({ status: 429, headers: { 'retry-after': '5' } }), 204);
    const answers = [await post('/a'), await post('/a'), await post('/a'), await post('/a')];
    expect(answers.map(({ status }) => status)).toEqual([500, 429, 204, 204]);
    expect(answers[1]?.headers.get('retry-after')).toBe('5');
    expect((await post('/b')).status).toBe(200);
  });

  it('tells when the awaited requests have come', async () => {
    const received = receiver.received('/a', 2);
    await post('/a', '1');
    await post('/other');
    await post('/a', '2');
    expect((await received).map(({ body }) => body.toString())).toEqual(['1', '2']);
  });

  it('says how many came when they do not all come', async () => {
    await post('/a');
    await expect(receiver.received('/a', 2, 50)).rejects.toThrow('1 of 2 requests came to /a within 50 ms');
  });

  it('stops with sockets open and answers owing', async () => {
    receiver.answer('/a', behave.hang());
    const pending = post('/a').catch(() => 'cut off');
    const idle = connect(receiver.port, '127.0.0.1');
    await receiver.received('/a');
    await receiver.stop();
    expect(await pending).toBe('cut off');
    expect(receiver.openSockets).toBe(0);
    idle.destroy();
  });
});
