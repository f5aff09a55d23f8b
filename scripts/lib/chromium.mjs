import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Failure } from './failure.mjs';

/** The environment variable that names the browser; the tests look in it first, and then where we do. */
const override = 'CHROMIUM';

/** Sees to a Chromium or Chrome for the tests: the machine's own, or Debian's where we may install it. */
export async function ensureChromium(children) {
  if (process.env[override] || findChromium()) {
    return;
  }
  const isRoot = process.getuid?.() === 0;
  if (isRoot && onPath('apt-get')) {
    console.log('Installing Chromium …');
    for (const args of [['update'], ['install', '--yes', '--no-install-recommends', 'chromium']]) {
      const { code, output } = await children.run('apt-get', 'apt-get', args, { env: { DEBIAN_FRONTEND: 'noninteractive' } });
      if (code !== 0) {
        throw new Failure(`apt-get ${args.join(' ')} failed.\n${output}`);
      }
    }
  }
  if (!findChromium()) {
    throw new Failure('the tests need Chromium or Chrome. Install one (Debian: apt-get install chromium), '
      + `or name it in the environment variable ${override}.`);
  }
}

function findChromium() {
  const { names, paths } = JSON.parse(readFileSync('tests/AuthFunctions.EndToEnd/chromium.json', 'utf8'));
  return names.some(onPath) || paths.some(path => existsSync(path));
}

function onPath(name) {
  return (process.env.PATH ?? '').split(delimiter).some(folder => existsSync(join(folder, name)));
}
