import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Children } from './children.mjs';
import { ensureChromium } from './chromium.mjs';
import { main } from './failure.mjs';
import { readOptions } from './options.mjs';
import { build, checkTools, dotnet, installPackages, root } from './tools.mjs';

const project = 'tests/AuthFunctions.EndToEnd';
const folder = '.dev/screenshots';

await main('screenshots', async () => {
  readOptions({}, `Takes pictures of every page at 320 and 1280 px, light and dark, into ${folder}, by way of the tests that look at all pages.

  scripts/screenshots`);
  process.chdir(root);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  process.env.SCREENSHOTS = join(root, folder);
  const children = new Children();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => children.stop());
  }
  try {
    await checkTools(children);
    await ensureChromium(children);
    await installPackages(children);
    console.log('Building …');
    await build(children, project);
    const { code } = await dotnet(children,
      ['test', project, '--no-build', '-c', 'Release', '--filter', 'FullyQualifiedName~PageTests'], { show: true });
    console.log(`${readdirSync(folder).length} pictures are in ${folder}.`);
    return code ?? 1; // Null where a signal ended it.
  } finally {
    await children.stop();
  }
});
