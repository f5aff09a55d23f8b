import { Children } from '../scripts/lib/children.mjs';
import { main } from '../scripts/lib/failure.mjs';
import { readOptions } from '../scripts/lib/options.mjs';
import { ensureSettings } from '../scripts/lib/settings.mjs';
import { build, checkTools, installPackages, publish, root } from '../scripts/lib/tools.mjs';
import * as burst from './burst.mjs';
import { generatorProject } from './generator.mjs';
import * as growth from './growth.mjs';
import { appFolder } from './service.mjs';
import * as soak from './soak.mjs';
import * as speed from './speed.mjs';

/** What can be measured, by the word that follows scripts/bench; the first is what it does without one. */
const kinds = { speed, growth, burst, soak };

await main('bench', async () => {
  const [first] = process.argv.slice(2);
  const kind = Object.hasOwn(kinds, first ?? '') ? first : Object.keys(kinds)[0];
  if (kind === first) {
    process.argv.splice(2, 1);
  }
  const options = kinds[kind].check(readOptions(kinds[kind].options, kinds[kind].usage));
  process.chdir(root);
  const children = new Children();
  children.stopOnSignals();
  try {
    await checkTools(children);
    await installPackages(children);
    ensureSettings();
    console.log('Building …');
    await publish(children, appFolder);
    await build(children, generatorProject);
    return await kinds[kind].run(children, options);
  } finally {
    await children.stop();
  }
});
