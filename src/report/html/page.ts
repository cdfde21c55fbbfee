/** The whole page: one file that needs no other, and that no text of a program can make do anything. */
import { createHash } from 'crypto';
import { Document, words } from '../tree';
import { blocksHtml, Page, textHtml } from './blocks';
import { anchorId, escapeHtml } from './escape';
import { STYLE } from './style';

export function pageHtml(document: Document): string {
  const page = new Page();
  const chapters = document.chapters.map(({ anchor, title, blocks }) => {
    const heading = `${anchorId(anchor)}-title`;
    return `<section${page.id(anchor)} aria-labelledby="${heading}">\n<h2 id="${heading}">${escapeHtml(title)}</h2>\n${blocksHtml(blocks, page, 3)}\n</section>`;
  });
  const style = `${STYLE}\n${page.styles.join('\n')}\n`;
  const hash = createHash('sha256').update(style).digest('base64');
  const links = document.chapters.map(({ anchor, title }) => `<li><a href="#${anchorId(anchor)}">${escapeHtml(title)}</a></li>`);
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(document.title)}</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header>
<h1>${escapeHtml(document.title)}</h1>
<p>${textHtml(document.subtitle)}</p>
</header>
<nav aria-label="Sections"><ul>${links.join('')}</ul></nav>
<main id="main" tabindex="-1">
${chapters.join('\n')}
</main>
<footer><p>${escapeHtml(words(document.subtitle))}. Written by cdk8s-mesh from the program; figures are upper bounds where nothing else is said.</p></footer>
</body>
</html>
`;
}
