import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Children } from './children.mjs';
import { ensureChromium } from './chromium.mjs';
import { testClient } from './client.mjs';
import { main } from './failure.mjs';
import { readOptions } from './options.mjs';
import { runSmoke } from './smoke.mjs';
import { build, checkTools, dotnet, installPackages, root } from './tools.mjs';
import { countResults } from './trx.mjs';

const solution = 'AuthFunctions.sln';

await main('test', async () => {
  const options = readOptions({ 'real-packages': { type: 'boolean', default: false } },
    `Builds the solution without warnings, runs its tests (some in a browser), the browser client's and the smoke cases, and sums them up.

  scripts/test [--real-packages]

  --real-packages   with the real Azure.Data.Tables and Azure.Storage.Queues, for whoever's package feed has it; the Functions host stays the local one`);
  process.chdir(root);
  process.env.CI = 'true';

  const total = { passed: 0, failed: 0, skipped: 0, failures: [] };
  const results = mkdtempSync(join(tmpdir(), 'authfunctions-test-'));
  const children = new Children();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    // What runs then fails, and is counted so.
    process.on(signal, () => children.stop());
  }
  await attempt(total, 'the run', async () => {
    await checkTools(children);
    await ensureChromium(children);
    await installPackages(children);
    console.log(`Building ${solution} …`);
    await build(children, solution, { offline: options['real-packages'] ? 'host' : 'all' });
    await runTests(children, results, total);
    console.log('\nBrowser client');
    add(total, await testClient(children, results));
    console.log('\nSmoke cases');
    add(total, await runSmoke(children));
  });
  await attempt(total, 'stopping what was started', () => children.stop());
  await attempt(total, 'removing the results', () => rmSync(results, { recursive: true }));
  if (total.failures.length > 0) {
    console.log(`\nFailed:\n${total.failures.map(failure => `  ${failure}\n`).join('')}`);
  }
  console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
});

async function runTests(children, results, total) {
  // One project after the other (-m:1): some tests time things.
  const { code } = await dotnet(children,
    ['test', solution, '-m:1', '--no-build', '-c', 'Release', '--results-directory', results, '--logger', 'trx', '--logger', 'console;verbosity=normal'],
    { show: true });
  const counted = countResults(results);
  add(total, counted);
  if (counted.passed + counted.failed === 0) {
    fail(total, 'dotnet test ran no test.');
  } else if (code !== 0 && counted.failed === 0) {
    fail(total, `dotnet test ended with exit code ${code}, although no test failed.`);
  }
}

/** Does one part; an error in it counts as a failure and does not hide the closing line. */
async function attempt(total, what, action) {
  try {
    await action();
  } catch (error) {
    fail(total, `${what} failed: ${error.message}`);
  }
}

function fail(total, why) {
  console.error(why);
  total.failed++;
  total.failures.push(why);
}

function add(total, { passed, failed, skipped, failures }) {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
  total.failures.push(...failures);
}
