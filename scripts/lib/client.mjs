import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { countTap } from './tap.mjs';

const folder = 'web/client';

/** What browsers get. */
export const builtClient = join(folder, 'dist/index.js');

/** Builds the browser client, which takes a tenth of a second; its declarations, with the compiler, only where they are asked for. */
export async function buildClient(children, { types = false } = {}) {
  const { code, output } = await children.run('the build of the browser client', process.execPath,
    [join(folder, 'build.mjs'), ...types ? ['--types'] : []]);
  if (code !== 0) {
    throw new Failure(`the build of ${folder} failed.\n${output}`);
  }
}

/** Builds the browser client and runs its tests, whose protocol goes to `results`; returns how many passed, failed and were skipped. */
export async function testClient(children, results) {
  await buildClient(children, { types: true });
  const protocol = join(results, 'client.tap');
  const { code } = await children.run('the tests of the browser client', process.execPath, [
    '--test', '--test-reporter=spec', '--test-reporter-destination=stdout', '--test-reporter=tap', `--test-reporter-destination=${protocol}`,
    ...readdirSync(join(folder, 'tests')).filter(name => name.endsWith('.test.mjs')).map(name => join(folder, 'tests', name)),
  ], { show: true });
  return countTap(protocol, code);
}
