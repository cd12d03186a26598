import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from './free-ports.js';

describe('free ports', () => {
  const directory = mkdtempSync(join(tmpdir(), 'free-ports-'));
  const file = join(directory, 'ports.json');
  const listening: Server[] = [];

  const occupy = async (port: number): Promise<void> => {
    const server = createServer();
    listening.push(server);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  };

  afterEach(() => {
    for (const server of listening.splice(0)) server.close();
    rmSync(file, { force: true });
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it('are different ones, and below those of outgoing connections', async () => {
    const { amqp, postgres } = await freePorts(file, ['amqp', 'postgres']);
    expect(amqp).not.toBe(postgres);
    expect(Math.max(amqp, postgres)).toBeLessThan(32_768);
  });

  it('are the same the next time', async () => {
    const first = await freePorts(file, ['amqp', 'postgres']);
    expect(await freePorts(file, ['amqp', 'postgres'])).toEqual(first);
  });

  it('change only where somebody else has taken one in the meantime', async () => {
    const first = await freePorts(file, ['amqp', 'postgres']);
    await occupy(first.amqp);
    const second = await freePorts(file, ['amqp', 'postgres']);
    expect(second.postgres).toBe(first.postgres);
    expect(second.amqp).not.toBe(first.amqp);
  });

  it('are none of those that are reserved, although nobody listens there yet', async () => {
    const { amqp } = await freePorts(file, ['amqp']);
    expect(await freePorts(file, ['amqp'], [amqp])).not.toEqual({ amqp });
  });

  it('of one purpose are remembered while another is asked for', async () => {
    const { amqp } = await freePorts(file, ['amqp']);
    await freePorts(file, ['postgres']);
    expect(await freePorts(file, ['amqp'])).toEqual({ amqp });
  });
});
