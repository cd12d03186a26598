import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** The main job through the real processes, as a user sees it; on Docker or, with POSTHORN_INFRASTRUCTURE=native, without. */
describe('npm run demo', () => {
  it('tells the whole story, and leaves nothing running', () => {
    const { status, stdout, stderr } = spawnSync('npm', ['run', 'demo'], {
      encoding: 'utf8',
      timeout: 240_000,
    });
    expect({ status, output: status === 0 ? '' : `${stdout}${stderr}` }).toEqual({ status: 0, output: '' });
    expect(stdout).toContain('All of it happened.');
    expect(existsSync('.posthorn/demo/run.json')).toBe(false);
  }, 300_000);
});
