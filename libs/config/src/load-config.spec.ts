import { IsInt, IsString, Max, Min } from 'class-validator';
import { listenError } from './listen-error.js';
import { checkConfigs, loadConfig } from './load-config.js';
import { ToList, ToNumber } from './to.js';

class Server {
  @ToNumber() @IsInt() @Min(0) @Max(65_535) readonly PORT: number = 80;
  @IsString() readonly HOST: string;
}

class Limits {
  @ToNumber() @IsInt() @Min(0) readonly RATE: number = 5;
  @ToList() @IsString({ each: true }) readonly NETWORKS: readonly string[] = ['10.0.0.0/8'];
}

describe('a configuration', () => {
  it('has one reason for each variable that is wrong, of all classes at once', () => {
    expect(() =>
      checkConfigs([Server, Limits], { PORT: 'http', RATE: '-1' }, ['MODE must be a or b']),
    ).toThrow(
      [
        'The configuration is not usable:',
        '  PORT must be an integer number',
        '  HOST must be set',
        '  RATE must not be less than 0',
        '  MODE must be a or b',
      ].join('\n'),
    );
  });

  it.each([
    [undefined, ['10.0.0.0/8']],
    ['', ['10.0.0.0/8']],
    ['none', []],
    [' none ', []],
    ['a, b', ['a', 'b']],
  ])('reads the list %j as %j', (text, list) => {
    expect(loadConfig(Limits, { NETWORKS: text }).NETWORKS).toEqual(list);
  });

  it.each([
    ['EADDRINUSE', 'Port 80 is in use. Set PORT.'],
    ['EACCES', 'Port 80 may not be opened by this user. Set PORT.'],
    ['ENOTFOUND', '"here" is no address of this machine. Set HOST.'],
    ['EMFILE', 'listen EMFILE'],
  ])('says which variable to set after %s', (code, message) => {
    const error = Object.assign(new Error(`listen ${code}`), { code });
    const listener = { port: 80, host: 'here', portVariable: 'PORT', hostVariable: 'HOST' };
    expect(listenError(error, listener).message).toBe(message);
  });
});
