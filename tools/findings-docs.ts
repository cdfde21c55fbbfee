/** Writes docs/findings/ anew: one page a finding, and the index. */
import { mkdirSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { pages } from './findings/pages';

const FOLDER = join('docs', 'findings');

rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
const written = pages();
for (const [name, text] of written) {
  writeFileSync(join(FOLDER, name), text);
}
console.log(`${FOLDER}: ${written.size} pages`);
