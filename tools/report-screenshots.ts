/// <reference lib="dom" />
/**
 * Pictures of reports in a real Chromium, to be looked at: an example of 12 services and a program of 41, light and dark, on a desk, on a
 * telephone and on paper. Written to dist/report-screenshots/. Compile nothing first: the sources are used.
 */
import { mkdirSync, rmSync, writeFileSync } from 'fs';
import { join, resolve } from 'path';
import { App } from 'cdk8s';
import { Mesh, MeshReport } from 'cdk8s-mesh';
import type { Page } from 'playwright-core';
import { build as onlineBoutique } from '../examples/online-boutique/app';
import { fortyOne } from '../test/report/forty-one';
import { launch, missing, view } from './chromium';

const OUTPUT = 'dist/report-screenshots';
const PROGRAMS: Readonly<Record<string, (app: App) => Mesh>> = { 'online-boutique': onlineBoutique, 'forty-one': fortyOne };

/** A part of a report, where the program has it. */
async function shoot(page: Page, anchor: string, file: string): Promise<void> {
  const part = page.locator(`#${anchor}`);
  if (await part.count() > 0) {
    await part.evaluate((element) => element.scrollIntoView());
    await page.screenshot({ path: join(OUTPUT, file) });
  }
}

async function main(): Promise<void> {
  const absent = missing();
  if (absent !== undefined) {
    throw new Error(absent);
  }
  rmSync(OUTPUT, { recursive: true, force: true });
  mkdirSync(OUTPUT, { recursive: true });
  const browser = await launch();
  try {
    for (const [name, build] of Object.entries(PROGRAMS)) {
      const file = join(OUTPUT, `${name}.html`);
      writeFileSync(file, new MeshReport(build(new App())).toHtml());
      const url = `file://${resolve(file)}`;
      for (const scheme of ['light', 'dark'] as const) {
        const context = await view(browser, { scheme, width: 1440 });
        const page = await context.newPage();
        await page.goto(url);
        await page.screenshot({ path: join(OUTPUT, `${name}-${scheme}-top.png`) });
        for (const section of ['adoption', 'callGraph', 'access', 'access-pairs', 'canaries', 'budgets', 'services', 'findings', 'suppressions', 'resources']) {
          await shoot(page, section, `${name}-${scheme}-${section}.png`);
        }
        await page.locator('nav').evaluate((element) => {
          element.style.position = 'static';
        });
        await page.locator('figure.drawing').first().screenshot({ path: join(OUTPUT, `${name}-${scheme}-drawing.png`) });
        for (const [index, chart] of (await page.locator('figure.chart').all()).entries()) {
          await chart.screenshot({ path: join(OUTPUT, `${name}-${scheme}-canary-${index + 1}.png`) });
        }
        await context.close();
      }
      const phone = await view(browser, { scheme: 'light', width: 390, height: 844 });
      const page = await phone.newPage();
      await page.goto(url);
      for (const section of ['summary', 'callGraph', 'calls', 'access', 'access-pairs', 'canaries', 'services']) {
        await shoot(page, section, `${name}-telephone-${section}.png`);
      }
      await page.pdf({ path: join(OUTPUT, `${name}.pdf`), format: 'A4' });
      await phone.close();
      console.log(`${name}: ${OUTPUT}/${name}-*.png, ${name}.pdf`);
    }
  } finally {
    await browser.close();
  }
}

main().catch((error: unknown) => {
  console.error((error as Error).message);
  process.exitCode = 1;
});
