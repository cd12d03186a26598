import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** A change of compiled code: in one file, some pieces of text for others. */
export interface Change {
  readonly file: string;
  readonly replace: readonly (readonly [string, string])[];
}

/** Copies our build, so that it can be changed and ours stays sound. @returns the root to start it from. */
export function copyBuild(name: string): string {
  const root = resolve('.posthorn', 'test', 'builds', name);
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  cpSync('dist', join(root, 'dist'), { recursive: true });
  cpSync('package.json', join(root, 'package.json'));
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'));
  return root;
}

/** @throws if the code is not what the change was written for. */
export function changeBuild(root: string, { file, replace }: Change): void {
  const path = join(root, 'dist', file);
  let text = readFileSync(path, 'utf8');
  for (const [before, after] of replace) {
    if (!text.includes(before))
      throw new Error(`${file} does not contain "${before}": mend the change of it`);
    text = text.replaceAll(before, after);
  }
  writeFileSync(path, text);
}

/** Undoes all changes of a file. */
export function restoreBuild(root: string, { file }: Pick<Change, 'file'>): void {
  cpSync(join('dist', file), join(root, 'dist', file));
}
