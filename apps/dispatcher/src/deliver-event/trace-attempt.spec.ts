import { addressOf } from './trace-attempt.js';

describe('the address of an attempt in a trace', () => {
  it('names the server, and nothing of what may be a secret', () => {
    const address = addressOf('https://user:pa55@hooks.example.com/services/T0/Xyz?token=s3cret#x');
    expect(address).toEqual({
      'url.full': 'https://hooks.example.com/REDACTED',
      'url.scheme': 'https',
      'server.address': 'hooks.example.com',
      'server.port': 443,
    });
  });

  it.each([
    ['http://a.example:8080/', 'http://a.example:8080/', 8080],
    ['http://a.example', 'http://a.example/', 80],
    ['http://[::1]/?key=x', 'http://[::1]/REDACTED', 80],
  ])('of %s is %s', (url, full, port) => {
    expect(addressOf(url)).toMatchObject({ 'url.full': full, 'server.port': port });
  });
});
