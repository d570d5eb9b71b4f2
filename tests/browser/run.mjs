// The browser test. `tests/run browser` installs what it needs and starts it; screenshots go to target/browser/.

import { createRequire } from 'node:module';
import { accessSync, constants, mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { dirname, join } from 'node:path';
import assert from 'node:assert/strict';
import { startService } from './service.mjs';
import { check, close } from './watched.mjs';
import { startNginx } from './nginx.mjs';
import { docs } from './docs.mjs';
import { swaggerUi } from './swagger_ui.mjs';
import { crossOrigin } from './cross_origin.mjs';
import { accessibleWith } from './accessible.mjs';
import { formCalls } from './form_calls.mjs';
import { formNetwork } from './form_network.mjs';
import { formOnPages } from './form_pages.mjs';
import { formOnTheDemo } from './form_demo.mjs';
import { formTexts } from './form_texts.mjs';
import { formTypes } from './form_types.mjs';

const target = join(dirname(fileURLToPath(import.meta.url)), '../../target');
// npm's folder is under target/, so that the checkout stays clean.
const tools = createRequire(join(target, 'tools/browser/'));
const { chromium } = tools('playwright-core');
const axe = readFileSync(tools.resolve('axe-core/axe.min.js'), 'utf8');
const accessible = accessibleWith(axe);
const binary = process.env.SUPPORT_REQUESTS_BINARY ?? join(target, 'debug/support-requests');
const shots = join(target, 'browser');
mkdirSync(shots, { recursive: true });
accessSync(binary, constants.X_OK);

const service = await startService(binary);
// The same service as a browser sees it: at its own address, and behind a proxy that takes a prefix off.
const nginx = await startNginx(service.origin, '/support');
const directly = { ...service, base: service.origin };
const behind = { ...service, origin: nginx.origin, base: `${nginx.origin}/support` };
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  // Without these Chromium itself asks the network, many times, and a closed network refuses, many times.
  args: ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
    // Chromium's sandbox refuses to run as root.
    .concat(process.getuid() === 0 || process.env.CI ? ['--no-sandbox'] : []),
});
const shot = (name) => join(shots, `${name}.png`);
/** Names of parts on the command line run these alone. */
const parts = {
  swaggerUi: () => swaggerUi(browser, directly, '', shot),
  behindPrefix: () => swaggerUi(browser, behind, ', behind nginx with a prefix', (name) => shot(`prefix-${name}`)),
  docs: () => docs(browser, behind, axe, shot),
  crossOrigin: () => crossOrigin(browser, binary, service),
  formOnTheDemo: () => formOnTheDemo(browser, service, shot, accessible),
  formCalls: () => formCalls(browser, binary),
  formOnPages: () => formOnPages(browser, binary, service, shot, accessible),
  formTexts: () => formTexts(browser, binary),
  formTypes: () => formTypes(pathToFileURL(join(target, 'tools/'))),
  formNetwork: () => formNetwork(browser, binary),
};
const asked = process.argv.slice(2);
try {
  for (const [name, run] of Object.entries(parts)) if (asked.length === 0 || asked.includes(name)) await run();
} finally {
  await browser.close();
  await nginx.stop();
  await check('The service stops with exit code 0', async () => assert.equal(await service.stop(), 0));
}
process.exitCode = close() ? 0 : 1;
