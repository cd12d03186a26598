import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { checkConfiguration } from './check-configuration.js';

describe('the configuration of a start', () => {
  it('is right where nothing is set', async () => {
    await expect(checkConfiguration({ GATEWAY_PORT: '0' })).resolves.toBeUndefined();
  });

  it('is refused with every variable that is wrong, and one reason for each', async () => {
    const environment = {
      GATEWAY_PORT: 'http',
      RETRY_JITTER: '20%',
      LOG_LEVEL: 'loud',
      EGRESS_ALLOW_CIDRS: 'everything',
      POSTHORN_ROOT_KEY: 'short',
      POSTHORN_INFRASTRUCTURE: 'podman',
      POSTHORN_SCALE: 'gateway=0',
    };
    const refusal = await checkConfiguration(environment).catch((error: Error) => error.message);
    const lines = String(refusal).split('\n').slice(1);
    expect(lines.toSorted()).toEqual([
      expect.stringMatching(/^ {2}EGRESS_ALLOW_CIDRS must be a comma separated list of networks/),
      '  GATEWAY_PORT must be an integer number',
      expect.stringMatching(/^ {2}LOG_LEVEL must be one of/),
      expect.stringMatching(/^ {2}POSTHORN_INFRASTRUCTURE must be one of/),
      expect.stringMatching(/^ {2}POSTHORN_ROOT_KEY must be long and random/),
      expect.stringMatching(/^ {2}POSTHORN_SCALE: "gateway=0" is not/),
      '  RETRY_JITTER must be a number',
    ]);
  });

  it('says which variable to set for a port that is in use, and for a host that is none', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await expect(checkConfiguration({ GATEWAY_PORT: String(port) })).rejects.toThrow(
      `Port ${port} is in use. Set GATEWAY_PORT.`,
    );
    server.close();
    await expect(checkConfiguration({ GATEWAY_PORT: '0', GATEWAY_HOST: '192.0.2.1' })).rejects.toThrow(
      '"192.0.2.1" is no address of this machine. Set GATEWAY_HOST.',
    );
  });
});
