import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { pages } from './pages.js';

for (const [file, write] of Object.entries(pages)) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, await write());
  console.log(`Written: ${file}`);
}
