import { createHash } from 'crypto';
import { App } from 'cdk8s';
import { DefaultTreeAdapterMap, parse } from 'parse5';
import type { Judgement } from '../../src/model/judged-mesh';
import { anchorId, escapeHtml } from '../../src/report/html/escape';
import { contrast, PALETTE, READ_ON, SEEN_ON } from '../../src/report/html/palette';
import { plain } from '../../src/report/plain';
import fc from '../support/fc';
import { fortyOne } from './forty-one';
import { renamed } from './hostile';
import { rich } from './rich';
import { reportOf } from './support';

type Element = DefaultTreeAdapterMap['element'];
type Node = DefaultTreeAdapterMap['node'];

const html = (judged: Judgement): string => reportOf(judged).toHtml();

function elements(text: string): readonly Element[] {
  const found: Element[] = [];
  const walk = (node: Node): void => {
    if ('tagName' in node) {
      found.push(node);
    }
    if ('childNodes' in node) {
      node.childNodes.forEach(walk);
    }
  };
  walk(parse(text));
  return found;
}

const attribute = (element: Element, name: string): string | undefined => element.attrs.find((one) => one.name === name)?.value;

function textOf(node: Node): string {
  return 'value' in node ? node.value : 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';
}

/** Elements with the names of their attributes: what no text of a program may change. */
function skeleton(text: string): readonly string[] {
  return elements(text).map(({ tagName, attrs, parentNode }) =>
    `${parentNode !== null && 'tagName' in parentNode ? parentNode.tagName : ''}>${tagName}[${attrs.map(({ name }) => name).join()}]`);
}

const judged = rich();

describe('the page', () => {
  const page = elements(html(judged));
  const named = (tag: string): readonly Element[] => page.filter(({ tagName }) => tagName === tag);

  test('is one document with the landmarks of a page, one h1 and no step left out below it', () => {
    for (const tag of ['header', 'nav', 'main', 'footer', 'h1', 'title']) {
      expect([tag, named(tag).filter(({ namespaceURI }) => namespaceURI.endsWith('xhtml')).length]).toEqual([tag, 1]);
    }
    expect(attribute(named('html')[0], 'lang')).toBe('en');
    const levels = page.flatMap(({ tagName }) => /^h[1-6]$/.test(tagName) ? [Number(tagName[1])] : []);
    levels.forEach((level, index) => expect(level).toBeLessThanOrEqual(index === 0 ? 1 : levels[index - 1] + 1));
  });

  test('asks for nothing: no script, no image, no style or font from elsewhere', () => {
    expect(page.filter(({ tagName }) => ['script', 'img', 'link', 'iframe', 'object', 'embed', 'base', 'form', 'use', 'image', 'foreignobject'].includes(tagName.toLowerCase()))).toEqual([]);
    const addresses = page.flatMap(({ attrs }) => attrs.filter(({ name }) => ['href', 'src', 'xlink:href', 'action', 'style'].includes(name) || name.startsWith('on')));
    expect(addresses.filter(({ name, value }) => name !== 'href' || !value.startsWith('#'))).toEqual([]);
    expect(textOf(named('style')[0])).not.toMatch(/url\((?!#)|@import|https?:/);
  });

  test('allows itself nothing but its own style', () => {
    const policy = named('meta').find((meta) => attribute(meta, 'http-equiv') === 'Content-Security-Policy')!;
    const hash = createHash('sha256').update(textOf(named('style')[0])).digest('base64');
    expect(attribute(policy, 'content')).toBe(`default-src 'none'; style-src 'sha256-${hash}'`);
  });

  test('has unique ids, and every link in it leads to one', () => {
    const ids = page.flatMap((element) => attribute(element, 'id') ?? []);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    const targets = named('a').map((link) => decodeURIComponent(attribute(link, 'href')!.slice(1)));
    expect(targets.length).toBeGreaterThan(20);
    expect(targets.filter((target) => !ids.includes(target))).toEqual([]);
    const references = page.flatMap((element) => ['aria-labelledby', 'aria-describedby'].flatMap((name) => attribute(element, name)?.split(' ') ?? []));
    expect(references.filter((reference) => !ids.includes(reference))).toEqual([]);
  });

  test('names its tables, and says of every head which cells it heads', () => {
    expect(named('table').length).toBeGreaterThan(10);
    expect(named('table').filter((table) => !table.childNodes.some((child) => 'tagName' in child && child.tagName === 'caption' && textOf(child) !== ''))).toEqual([]);
    expect(named('th').filter((head) => !['col', 'row'].includes(attribute(head, 'scope') ?? ''))).toEqual([]);
  });

  test('describes its drawing, and tells of each box in words', () => {
    const [drawing] = named('svg');
    const inside = (tag: string): string => textOf(drawing.childNodes.find((child) => 'tagName' in child && child.tagName === tag)!);
    expect(inside('title')).toBe('Who calls whom: 6 services, 2 external services');
    expect(inside('desc')).toContain('Requests go from left to right');
    const boxes = named('a').filter((link) => attribute(link, 'class')?.startsWith('node'));
    expect(boxes.map((box) => textOf(box.childNodes[0]))).toContainEqual(expect.stringMatching(/^shop\/web: entry point, 1 request, waits [\d.]+ s, 1 error/));
    expect(boxes).toHaveLength(8);
  });

  test('is the same bytes twice', () => {
    expect(html(rich())).toBe(html(judged));
    expect(reportOf(fortyOne(new App())._judgement()).toHtml()).toBe(reportOf(fortyOne(new App())._judgement()).toHtml());
  });
});

describe('no text of a program', () => {
  const ordinary = skeleton(html(renamed(judged, (text) => `a${text}`)));
  const pages = (bad: string) => [html(renamed(judged, (text) => `${bad}${text}`)), html(renamed(judged, (text) => `${text}${bad}`))];

  test.each([
    '<script>alert(1)</script>', '</style><script>alert(1)</script>', '"><img src=x onerror=alert(1)>', '\' onfocus=alert(1) autofocus x=\'', '</svg><p>', '</title>',
    '<!--', '-->', ']]>', '&lt;b&gt;', '&#x3c;script&#x3e;', 'javascript:alert(1)', '\u0000<b>', '\u2028', '\uD800', '\u202Etxt', '<a href=//evil.example>', '`${1}`', '<?xml?>', '\r\n<h1>',
  ])('becomes markup: %j', (bad) => {
    for (const page of pages(bad)) {
      expect(skeleton(page)).toEqual(ordinary);
    }
  });

  test('becomes markup, whatever it is', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', minLength: 1 }), (bad) => {
      for (const page of pages(bad)) {
        expect(skeleton(page)).toEqual(ordinary);
      }
    }), { numRuns: 10 });
  });

  test('is lost: it can be read as it was written, but for what no line can show', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (bad) => {
      const reason = `${bad}why`;
      const texts = elements(html({ ...judged, suppressed: [{ ...judged.suppressed[0], reason }] })).filter(({ tagName }) => tagName === 'dd').map(textOf);
      expect(texts).toContain(plain(reason));
    }), { numRuns: 12, examples: [['&lt;b&gt;'], ['&amp;amp;'], ['&#60;'], ['<b>"\'']] });
  });
});

test('an escaped text ends neither an element nor an attribute, and an anchor is one word of an address', () => {
  expect(escapeHtml('<a b="c" d=\'e\'>&amp;')).toBe('&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;amp;');
  expect(anchorId('service-shop/a b"%41')).toBe('service-shop/a_20_b_22__25_41');
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => /^[A-Za-z0-9_./-]*$/.test(anchorId(text)) && !/[<>"']/.test(escapeHtml(text))));
});

test('a text is one line without characters that control or turn it', () => {
  expect(plain('a\n\tb\u0000c\u202Ed\uD800e\u{1F600}')).toBe('a b\uFFFDc\uFFFDd\uFFFDe\u{1F600}');
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !/[\p{Cc}\p{Surrogate}\u202A-\u202E\u2066-\u2069]/u.test(plain(text))));
});

describe.each(['light', 'dark'] as const)('in %s', (scheme) => {
  test.each(READ_ON)('words in %s can be read on %s', (color, ground) => {
    expect(contrast(PALETTE[scheme][color], PALETTE[scheme][ground])).toBeGreaterThanOrEqual(4.5);
  });

  test.each(SEEN_ON)('lines in %s can be told from %s', (color, ground) => {
    expect(contrast(PALETTE[scheme][color], PALETTE[scheme][ground])).toBeGreaterThanOrEqual(3);
  });
});

test('contrast is that of WCAG', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  expect(contrast('#123456', '#123456')).toBe(1);
});
