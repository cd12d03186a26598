import { parseArguments } from './arguments.js';

describe('the arguments of npm start', () => {
  it('starts in the foreground and keeps the data when nothing is said', () => {
    expect(parseArguments([])).toEqual({ detach: false, clean: false, help: false });
  });

  it('takes flags in any order', () => {
    expect(parseArguments(['--clean', '--detach'])).toEqual({ detach: true, clean: true, help: false });
  });

  it.each(['--detached', 'clean', '-d', 'constructor'])('refuses %s by name', (argument) => {
    expect(() => parseArguments([argument])).toThrow(`Unknown argument "${argument}"`);
  });
});
