/** Writes docs/findings/ anew, one page a finding and the index, and docs/PROVIDERS.md. */
import { mkdirSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { pages } from './findings/pages';
import { PAGE, providersPage } from './providers/page';

const FOLDER = join('docs', 'findings');

rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
const written = pages();
for (const [name, text] of written) {
  writeFileSync(join(FOLDER, name), text);
}
writeFileSync(PAGE, providersPage());
console.log(`${FOLDER}: ${written.size} pages; ${PAGE}`);
