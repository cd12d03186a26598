import { type Stopping, stop } from './stop.js';

const never = new Promise<void>(() => undefined);
const done = Promise.resolve();

/** A service whose parts say what they do, and end as they are told to. */
function service({ door = done, messages = done, close = done, isUp = true } = {}) {
  const log: string[] = [];
  const fields: Record<string, unknown>[] = [];
  const note = (name: string) => (_: string, more: Readonly<Record<string, unknown>>) => {
    log.push(name);
    fields.push(more);
  };
  let inHand: string[] = ['dispatcher.deliver-event.p0'];
  const stopping: Stopping = {
    log: { info: note('info'), error: note('error') },
    door: {
      drainDelayMs: 20,
      lastCall: () => log.push('last call'),
      close: () => (log.push('door'), door),
    },
    messages: {
      get inHand() {
        return inHand;
      },
      close: async (deadlineMs) => {
        log.push('messages');
        await Promise.race([messages, new Promise((resolve) => setTimeout(resolve, deadlineMs))]);
        if (messages === done) inHand = [];
      },
    },
    close: () => (log.push('close'), close),
    isUp,
    deadlines: { finishMs: 400, endMs: 800 },
  };
  return { stopping, log, last: () => fields.at(-1) };
}

describe('a service that stops', () => {
  it('ends the work before it closes what the work needs', async () => {
    const { stopping, log } = service();
    await stop(stopping);
    expect(log).toEqual(['info', 'last call', 'door', 'messages', 'close', 'info']);
  });

  it('goes on serving for the drain delay', async () => {
    const { stopping, log } = service();
    const stopped = stop(stopping);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(log).toEqual(['info', 'last call']);
    await stopped;
  });

  it('serves nobody any longer who never was served', async () => {
    const { stopping, log } = service({ isUp: false });
    const stopped = stop(stopping);
    expect(log).toEqual(['info', 'last call', 'door', 'messages']);
    await stopped;
  });

  it.each([
    ['requests', { door: never }, ['requests']],
    ['messages', { messages: never }, ['dispatcher.deliver-event.p0']],
    ['closing', { close: never }, ['background work and connections']],
    [
      'everything',
      { door: never, messages: never, close: never },
      ['requests', 'dispatcher.deliver-event.p0', 'background work and connections'],
    ],
  ])('ends in time and names what did not finish: %s', async (_, hanging, unfinished) => {
    const { stopping, log, last } = service(hanging);
    const startedAtMs = performance.now();
    await stop(stopping);
    expect(performance.now() - startedAtMs).toBeLessThan(1500);
    expect(log.at(-1)).toBe('error');
    expect(last()).toMatchObject({ unfinished });
  });

  it('closes everything else when one part fails to close', async () => {
    const { stopping, log } = service();
    const door = { ...stopping.door!, close: () => Promise.reject(new Error('no')) };
    await stop({ ...stopping, door });
    expect(log).toEqual(['info', 'last call', 'messages', 'error', 'close', 'info']);
  });
});
