import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const module = new URL('./let-heap-grow.ts', import.meta.url).href;

/** By how much V8 lets the heap grow after each full collection, as it says in a process of its own. */
async function factors(program: string): Promise<string[]> {
  const args = ['--expose-gc', '--trace-gc-verbose', '--input-type=module', '--eval', program];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return [...stdout.matchAll(/\[HeapController\] factor ([\d.]+)/g)].map(([, factor]) => factor ?? '');
}

describe('a heap that may grow', () => {
  it('grows to 2.5 times of what is alive after each full collection', async () => {
    expect(
      await factors(`import { letHeapGrow } from '${module}'; letHeapGrow(); gc(); gc(); gc();`),
    ).toEqual(['2.5', '2.5', '2.5']);
  });
});
