import { existsSync, readFileSync } from 'fs';
import { join } from 'path';

const ROOT = join(__dirname, '../..');
const DOCUMENT = readFileSync(join(ROOT, 'docs/ARCHITECTURE.md'), 'utf8');
const PATHS = [...DOCUMENT.matchAll(/`((?:src|test|projenrc|tools|examples|imports)\/[^`\s]*|[.\w-]+\.(?:ts|json))`/g)].map(([, path]) => path)
  .filter((path) => path.includes('/') || existsSync(join(ROOT, path)));

test.each([...new Set(PATHS)])('%s, which docs/ARCHITECTURE.md names, is there', (path) => {
  expect(existsSync(join(ROOT, path))).toBe(true);
});
