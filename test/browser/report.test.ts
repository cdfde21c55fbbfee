/// <reference lib="dom" />
/** Reports in a real Chromium: what is drawn does not overlap, everybody can read it, and it asks for nothing. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App } from 'cdk8s';
import { Mesh, MeshReport } from 'cdk8s-mesh';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { build as bookinfo } from '../../examples/bookinfo/app';
import { build as onlineBoutique } from '../../examples/online-boutique/app';
import { launch, view, View } from '../../tools/chromium';
import { fortyOne } from '../report/forty-one';
import { rich } from '../report/rich';
import { reportOf } from '../report/support';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const SCHEMES = ['light', 'dark'] as const;

const meshReport = (build: (app: App) => Mesh) => new MeshReport(build(new App())).toHtml();
const REPORTS: Readonly<Record<string, () => string>> = {
  'bookinfo': () => meshReport(bookinfo),
  'online-boutique': () => meshReport(onlineBoutique),
  'rich': () => reportOf(rich()).toHtml(),
  'forty-one': () => meshReport(fortyOne),
};
const NAMES = Object.keys(REPORTS);

const dir = mkdtempSync(join(tmpdir(), 'mesh-report-'));
let browser: Browser;
let context: BrowserContext | undefined;

beforeAll(async () => {
  NAMES.forEach((name) => writeFileSync(join(dir, `${name}.html`), REPORTS[name]()));
  browser = await launch();
}, 60_000);

afterEach(async () => {
  await context?.close();
  context = undefined;
});

afterAll(async () => {
  await browser?.close();
  rmSync(dir, { recursive: true });
});

interface Axe {
  run(context: Document, options: { runOnly?: string[] }): Promise<{
    violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[]; passes: unknown[];
  }>;
}

interface Opened { readonly page: Page; readonly asked: string[]; readonly complaints: string[] }

async function open(name: string, how: View): Promise<Opened> {
  const asked: string[] = [];
  const complaints: string[] = [];
  context = await view(browser, how, asked);
  const page = await context.newPage();
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`file://${join(dir, name)}.html`);
  return { page, asked, complaints };
}

interface Rectangle { readonly name: string; readonly left: number; readonly right: number; readonly top: number; readonly bottom: number }

/** Rectangles as the browser has drawn them, in pixels of the screen. */
async function drawn(page: Page): Promise<{ boxes: Rectangle[]; labels: Rectangle[]; words: { text: Rectangle; within: Rectangle }[] }> {
  return page.evaluate(() => {
    const of = (element: Element, name: string): Rectangle => {
      const { left, right, top, bottom } = element.getBoundingClientRect();
      return { name, left, right, top, bottom };
    };
    const figure = document.querySelector('figure.drawing svg')!;
    const nodes = [...figure.querySelectorAll('.node')];
    const labels = [...figure.querySelectorAll('.call')].filter((call) => call.querySelector('rect') !== null);
    const words = (parent: Element, within: Element) => [...parent.querySelectorAll('text')].map((text) => ({ text: of(text, text.textContent ?? ''), within: of(within, '') }));
    return {
      boxes: nodes.map((node) => of(node.querySelector('.box')!, node.querySelector('.name')!.textContent ?? '')),
      labels: labels.map((call) => of(call.querySelector('rect')!, [...call.querySelectorAll('text')].map((text) => text.textContent).join(' '))),
      words: [
        ...nodes.flatMap((node) => words(node, node.querySelector('.box')!)), ...labels.flatMap((call) => words(call, call.querySelector('rect')!)),
        ...[...figure.querySelectorAll('.mark')].flatMap((mark) => words(mark, mark.querySelector('rect')!)),
      ],
    };
  });
}

function overlapping(all: readonly Rectangle[]): readonly string[] {
  return all.flatMap((a, index) => all.slice(index + 1)
    .filter((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom).map((b) => `${a.name} and ${b.name}`));
}

describe.each(NAMES)('%s', (name) => {
  test('has a drawing in which nothing lies upon another, and all words are in their boxes', async () => {
    const { page } = await open(name, { scheme: 'light', width: 1440 });
    const { boxes, labels, words } = await drawn(page);
    expect(boxes.length).toBeGreaterThan(3);
    expect(overlapping([...boxes, ...labels])).toEqual([]);
    const outside = words.filter(({ text, within }) =>
      text.left < within.left || text.right > within.right || text.top < within.top - 1 || text.bottom > within.bottom + 1);
    expect(outside.map(({ text }) => text.name)).toEqual([]);
    // Names and figures of one box, too: a badge beside a line, a line below another.
    const inside = await page.evaluate(() => [...document.querySelectorAll('figure.drawing .node')].map((node) =>
      [...node.querySelectorAll('text.name, text.detail, .mark > rect')].map((element) => {
        const { left, right, top, bottom } = element.getBoundingClientRect();
        const inner = (bottom - top) * 0.15;
        return { name: element.textContent ?? '', left, right, top: top + inner, bottom: bottom - inner };
      })));
    expect(inside.flatMap((parts) => overlapping(parts))).toEqual([]);
  });

  test.each(SCHEMES)('is accessible: no violation in %s', async (scheme) => {
    const { page } = await open(name, { scheme, width: 1280, bypassCsp: true });
    await page.addScriptTag({ content: AXE });
    // Only colours depend on the scheme.
    const result = await page.evaluate(async (rules) => {
      const { axe } = window as unknown as { axe: Axe };
      const { violations, passes } = await axe.run(document, rules === undefined ? {} : { runOnly: rules });
      return { passes: passes.length, violations: violations.map(({ id, nodes }) => `${id}: ${nodes[0].html} ${nodes[0].failureSummary ?? ''}`) };
    }, scheme === 'light' ? undefined : ['color-contrast', 'link-in-text-block']);
    expect(result.violations).toEqual([]);
    expect(result.passes).toBeGreaterThanOrEqual(scheme === 'light' ? 25 : 1);
  });

  test('asks for nothing, and breaks none of its own rules', async () => {
    const { page, asked, complaints } = await open(name, { scheme: 'light', width: 1280 });
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
    expect(asked).toEqual([]);
    expect(complaints).toEqual([]);
    expect(await page.evaluate(() => getComputedStyle(document.querySelector('nav')!).position)).toBe('sticky');
  });

  test.each([320, 390, 700, 1024])('fits a window of %d pixels: only drawings scroll sideways', async (width) => {
    const { page } = await open(name, { scheme: 'light', width });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });
});

describe('with the keyboard', () => {
  const focused = (page: Page): Promise<string> => page.evaluate(() => `${document.activeElement?.tagName} ${document.activeElement?.textContent?.trim().slice(0, 40)}`);

  test('the first key leads past the navigation, and what has the focus is seen', async () => {
    const { page } = await open('forty-one', { scheme: 'light', width: 1280 });
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('A Skip to the content');
    const { x, y } = (await page.locator(':focus').boundingBox())!;
    expect([x >= 0, y >= 0]).toEqual([true, true]);
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.closest('section')?.id)).toBe('summary');
  });

  test('the drawing can be skipped, and each of its boxes leads to its service', async () => {
    const { page } = await open('forty-one', { scheme: 'light', width: 1280 });
    await page.locator('figure.drawing a.skip').focus();
    await page.keyboard.press('Enter');
    expect(page.url()).toMatch(/#calls$/);
    await page.locator('figure.drawing a.skip').focus();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.querySelector('title')?.textContent)).toMatch(/^edge\/web-gateway: entry point/);
    await page.keyboard.press('Enter');
    expect(page.url()).toMatch(/#service-edge\/web-gateway$/);
    expect((await page.locator('[id="service-edge/web-gateway"] h3').boundingBox())!.y).toBeLessThan(200);
  });

  test('what has the focus in the drawing shows its own calls', async () => {
    const { page } = await open('forty-one', { scheme: 'light', width: 1280 });
    await page.locator('figure.drawing .node').first().focus();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Tab');
    const faint = await page.evaluate(() => [...document.querySelectorAll('figure.drawing .call')].filter((call) => Number(getComputedStyle(call).opacity) < 0.5).length);
    const all = await page.locator('figure.drawing svg[id] .call').count();
    expect(all - faint).toBe(5);
  });
});

describe('the matrix of who may call whom', () => {
  test('keeps its heads in sight, and shows 41 services without much scrolling', async () => {
    const { page } = await open('forty-one', { scheme: 'light', width: 1440 });
    const grid = page.locator('.grid');
    await grid.evaluate((element) => element.scrollTo(element.scrollWidth, element.scrollHeight));
    const frame = (await grid.boundingBox())!;
    const [column, row] = [(await grid.locator('thead th').last().boundingBox())!, (await grid.locator('tbody th').last().boundingBox())!];
    expect(Math.abs(column.y - frame.y)).toBeLessThan(3);
    expect(Math.abs(row.x - frame.x)).toBeLessThan(3);
    expect(await grid.evaluate((element) => element.scrollWidth - element.clientWidth)).toBeLessThan(120);
    const [cell] = await grid.locator('td a').evaluateAll((links) => links.map((link) => link.getBoundingClientRect()).map(({ width, height }) => Math.min(width, height)).sort((a, b) => a - b));
    expect(cell).toBeGreaterThanOrEqual(24);
  });

  test('leads with the keyboard from a field to its reason, and can be skipped', async () => {
    const { page } = await open('forty-one', { scheme: 'light', width: 1280 });
    await page.locator('.matrix a.skip').focus();
    await page.keyboard.press('Enter');
    expect(page.url()).toMatch(/#access-pairs$/);
    const field = page.locator('.grid td.none a');
    expect(await field.getAttribute('title')).toBe('edge/partner-api to catalog/media: refused, port 80');
    await field.focus();
    await page.keyboard.press('Enter');
    const reason = page.locator('tr:target');
    expect(await reason.innerText()).toContain('partners have pictures of their own');
    const { y, height } = (await reason.boundingBox())!;
    expect([y > 0, y + height <= 900]).toEqual([true, true]);
  });

  test('is told to those who hear it', async () => {
    const { page } = await open('rich', { scheme: 'light', width: 1280 });
    const tree = await page.locator('.matrix').ariaSnapshot();
    for (const line of ['region "Who may call whom: 6 callers, 4 callees"', 'columnheader "shop/redis"', 'rowheader "shop/web"', 'link "shop/legacy to shop/orders: refused, port 8080"']) {
      expect(tree).toContain(line);
    }
  });
});

test('a chart of a canary: its words do not overlap, and the worst case lies within the picture', async () => {
  const { page } = await open('forty-one', { scheme: 'light', width: 1280 });
  const charts = await page.evaluate(() => [...document.querySelectorAll('figure.chart')].map((figure) => {
    const of = (element: Element) => {
      const { left, right, top, bottom } = element.getBoundingClientRect();
      return { name: element.textContent ?? '', left, right, top, bottom };
    };
    const [words, shapes] = ['text', 'path'].map((kind) => [...figure.querySelectorAll(`svg[id] ${kind}`)].map(of));
    return { frame: of(figure.querySelector('svg[id]')!), words, shapes };
  }));
  expect(charts).toHaveLength(6);
  for (const { frame, words, shapes } of charts) {
    expect(overlapping(words)).toEqual([]);
    const outside = [...words, ...shapes].filter(({ left, right, top, bottom }) => (
      left < frame.left || right > frame.right + 1 || top < frame.top || bottom > frame.bottom
    ));
    expect(outside).toEqual([]);
  }
});

test('is told to those who hear it: landmarks, headings, tables and boxes', async () => {
  const { page } = await open('online-boutique', { scheme: 'light', width: 1280 });
  const tree = await page.locator('body').ariaSnapshot();
  for (const line of ['banner:', 'navigation "Sections":', 'main:', 'contentinfo:', 'heading "Service mesh report" [level=1]', 'heading "Call graph" [level=2]',
    'table "Calls":', 'columnheader "Longest wait for a call"', 'group "Who calls whom: 12 services, 1 external service"']) {
    expect(tree).toContain(line);
  }
  expect(tree).toMatch(/link "loadgenerator: entry point, 1 request, waits 15 s"/);
});

test('on paper it is light and the drawing fits the sheet', async () => {
  const { page } = await open('forty-one', { scheme: 'dark', width: 794, height: 1123 });
  await page.emulateMedia({ media: 'print' });
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(255, 255, 255)');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(794);
  expect((await page.locator('figure.drawing svg').first().boundingBox())!.width).toBeLessThanOrEqual(794);
  expect(await page.locator('nav').isVisible()).toBe(false);
});
