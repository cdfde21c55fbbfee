import { App } from 'cdk8s';
import MarkdownIt from 'markdown-it';
import fc from '../support/fc';
import { fortyOne } from './forty-one';
import { renamed } from './hostile';
import { rich } from './rich';
import { reportOf } from './support';

const reader = new MarkdownIt({ html: true });
type Token = ReturnType<typeof reader.parse>[number];

const tokens = (markdown: string): readonly Token[] => reader.parse(markdown, {}).flatMap((token): Token[] => [token, ...token.children ?? []]);

/** What the text is made of. A code span is text in another font: text that would need an escape in it is written without. */
function skeleton(markdown: string): readonly string[] {
  return tokens(markdown).map(({ type, tag }) => `${type} ${tag}`).filter((name) => !/^(text|text_special|code_inline|inline|softbreak)/.test(name));
}

/** The words of a heading, a cell or a line. */
function wordsOf(inline: Token): string {
  return (inline.children ?? []).map(({ content }) => content).join('').replace(/\s+/g, ' ').trim();
}

function headings(markdown: string): readonly string[] {
  const all = reader.parse(markdown, {});
  return all.flatMap((token, index) => token.type === 'heading_open' ? [wordsOf(all[index + 1])] : []);
}

const judged = rich();
const markdown = reportOf(judged).toMarkdown();
const ordinary = skeleton(reportOf(renamed(judged, (text) => `a${text}`)).toMarkdown());
const reports = (bad: string) => [(text: string) => `${bad}${text}`, (text: string) => `${text}${bad}`].map((rename) => reportOf(renamed(judged, rename)).toMarkdown());

describe('no text of a program', () => {
  test.each([
    '# ', '- ', '* ', '+ ', '1. ', '1) ', '> ', '---', '===', '```', '~~~', '    ', '|', '\\|', '\\', '`', '``', '*', '**', '_', '~~', '[x](http://evil.example)', '![x](y)', '!', '[x]: /y',
    '<script>', '<!--', '<b>', '&lt;', '&amp;', '$x$', '\n\n# ', '\r\n| a |', '[^1]', ':::', ' #', '^', '</td>', '=', ': ', '-', '+',
  ])('becomes markup: %j', (bad) => {
    for (const report of reports(bad)) {
      expect(skeleton(report)).toEqual(ordinary);
    }
  });

  test('becomes markup, whatever it is', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'\\`*_[]<>&|~$#!()-+=.:1 \n\ta"\''.split('')), minLength: 1, maxLength: 8 }), (bad) => {
      for (const report of reports(bad)) {
        expect(skeleton(report)).toEqual(ordinary);
      }
    }), { numRuns: 20 });
  });

  test('is lost: it can be read as it was written', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'\\`*_[]<>&|~$#!()-+=.:1xyz'.split('')), minLength: 1 }), (reason) => {
      const report = reportOf({ ...judged, suppressed: [{ ...judged.suppressed[0], reason }] }).toMarkdown();
      const lines = reader.parse(report, {}).filter(({ type }) => type === 'inline').map(wordsOf);
      expect(lines).toContain(`Accepted because: ${reason}`);
    }), { numRuns: 20 });
  });
});

/** As GitHub makes anchors of headings. */
function anchors(names: readonly string[]): readonly string[] {
  const used = new Map<string, number>();
  return names.map((name) => {
    const anchor = name.toLowerCase().replace(/[^\p{Letter}\p{Number}\p{Mark} _-]/gu, '').replaceAll(' ', '-');
    used.set(anchor, (used.get(anchor) ?? -1) + 1);
    return used.get(anchor) === 0 ? anchor : `${anchor}-${used.get(anchor)}`;
  });
}

describe('a report', () => {
  test('has links that lead to its headings', () => {
    const known = new Set(anchors(headings(markdown)));
    const links = tokens(markdown).filter(({ type }) => type === 'link_open').map((token) => decodeURIComponent(String(token.attrGet('href')).slice(1)));
    expect(links.length).toBeGreaterThan(20);
    expect(links.filter((link) => !known.has(link))).toEqual([]);
  });

  test('has tables whose rows all have as many cells as the head', () => {
    const rows: number[][] = [];
    for (const { type } of tokens(markdown)) {
      if (type === 'table_open') {
        rows.push([]);
      } else if (type === 'tr_open') {
        rows[rows.length - 1].push(0);
      } else if (type === 'td_open' || type === 'th_open') {
        const counts = rows[rows.length - 1];
        counts[counts.length - 1]++;
      }
    }
    expect(rows.length).toBeGreaterThan(10);
    rows.forEach((counts) => expect(new Set(counts).size).toBe(1));
    // A row with a bar too many would be cut to the head's length, so count the bars too.
    const bars = markdown.split('\n').filter((line) => line.startsWith('| ')).map((line) => line.replace(/\\./g, '').split('|').length - 2);
    expect(bars).toEqual(rows.flatMap((counts) => [counts[0], ...counts]));
  });

  test('is the same bytes twice', () => {
    expect(reportOf(rich()).toMarkdown()).toBe(markdown);
  });

  test.each([['rich', judged], ['forty-one', fortyOne(new App())._judgement()]])('says what its HTML says: %s', (_, one) => {
    const report = reportOf(one);
    const page = report.toHtml().replace(/<svg id[\s\S]*?<\/svg>/g, '').replace(/<style>[\s\S]*?<\/style>/, '').replace(/<ul class="legend">[\s\S]*?<\/ul>/g, '')
      .replace(/<figure class="matrix[\s\S]*?<\/figure>/g, '');
    const body = page.slice(page.indexOf('<main'), page.indexOf('</main>')).replace(/<a class="skip"[\s\S]*?<\/a>/g, '');
    const html = body.replace(/<[^>]+>/g, ' ').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&#39;/g, '\'').replace(/&amp;/g, '&');
    const words = (text: string): readonly string[] => text.match(/[\p{L}\p{N}]+/gu)!;
    // A drawing and a matrix have other forms in each.
    const text = report.toMarkdown().replace(' It is drawn in the HTML report; the table of calls says the same.', '')
      .replace(/\*\*Who may call whom: [\s\S]*?(?=\*\*Who may call whom, and why)/, '');
    const said = reader.parse(text, {})
      .filter(({ type }) => type === 'inline').map(wordsOf).join(' ');
    const start = said.indexOf('At a glance');
    expect(words(said.slice(start)).join(' ')).toBe(words(html).join(' '));
  });
});
