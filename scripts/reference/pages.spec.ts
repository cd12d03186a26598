import { readdirSync, readFileSync } from 'node:fs';
import { pages } from './pages.js';
import { sections } from './sections.js';

describe('the reference', () => {
  it.each(Object.entries(pages))('%s is as the code is: npm run reference', async (file, write) => {
    expect(readFileSync(file, 'utf8')).toBe(await write());
  });

  it('tells of every configuration class', () => {
    const told = sections.flatMap(({ configs }) => configs.map(({ name }) => name.toLowerCase()));
    const files = ['apps', 'libs', 'scripts'].flatMap((place) =>
      readdirSync(place, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.config.ts')),
    );
    const names = files.map((file) => `${/([^/]+)\.config\.ts$/.exec(file)?.[1]}config`);
    expect(told.toSorted()).toEqual(names.toSorted());
  });
});
