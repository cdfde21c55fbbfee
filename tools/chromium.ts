/** A real headless Chromium for reports, from wherever the machine has one. It is given no network. */
import { existsSync } from 'fs';
import { Browser, BrowserContext, chromium } from 'playwright-core';

const PLACES = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** What has to be installed; undefined where Chromium is there. */
export function missing(): string | undefined {
  return place() === undefined ? `Chromium is missing: install it (Debian: apt-get install chromium), or set CHROMIUM to its path` : undefined;
}

function place(): string | undefined {
  return PLACES.find((path): path is string => path !== undefined && existsSync(path));
}

export async function launch(): Promise<Browser> {
  const absent = missing();
  if (absent !== undefined) {
    throw new Error(absent);
  }
  return chromium.launch({
    executablePath: place(),
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
    ],
  });
}

export interface View {
  readonly scheme: 'light' | 'dark';
  readonly width: number;
  readonly height?: number;
  /** Scripts of the test itself run although the page allows none. */
  readonly bypassCsp?: boolean;
}

/** Everything that a page asks for beside itself fails and is told of. */
export async function view(browser: Browser, { scheme, width, height = 900, bypassCsp }: View, asked: string[] = []): Promise<BrowserContext> {
  const context = await browser.newContext({ colorScheme: scheme, viewport: { width, height }, bypassCSP: bypassCsp, reducedMotion: 'reduce' });
  await context.route((url) => url.protocol !== 'file:', async (route) => {
    asked.push(route.request().url());
    await route.abort();
  });
  return context;
}
