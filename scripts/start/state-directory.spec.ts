import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makePrivate, stateDirectory } from './state-directory.js';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'posthorn-state-'));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

const modeOf = (path: string): string => (statSync(path).mode & 0o7777).toString(8);

describe('the directory of the state', () => {
  it('is for its own user only when it is made', () => {
    const state = stateDirectory(directory, {});
    makePrivate(state);
    expect([state.root, state.data, state.logs].map(modeOf)).toEqual(['700', '700', '700']);
  });

  it('is so as well where an earlier version has made it for all to read', () => {
    const state = stateDirectory(directory, {});
    mkdirSync(state.logs, { recursive: true });
    writeFileSync(state.secretsFile, '{}');
    for (const path of [state.root, state.logs]) chmodSync(path, 0o755);
    makePrivate(state);
    expect([state.root, state.data, state.logs].map(modeOf)).toEqual(['700', '700', '700']);
  });

  it('is so as well in a clone, where tests and tools keep things in it before the first start', () => {
    const state = stateDirectory(directory, {});
    mkdirSync(join(state.root, 'test'), { recursive: true });
    chmodSync(state.root, 0o755);
    makePrivate(state);
    expect(modeOf(state.root)).toBe('700');
  });

  it.each([0o755, 0o1777])('keeps the mode %o of a folder that has other things in it', (mode) => {
    const state = stateDirectory(directory, { POSTHORN_STATE_DIR: directory });
    writeFileSync(join(directory, 'something else'), '');
    chmodSync(directory, mode);
    makePrivate(state);
    expect([state.root, state.data, state.logs].map(modeOf)).toEqual([mode.toString(8), '700', '700']);
  });
});
