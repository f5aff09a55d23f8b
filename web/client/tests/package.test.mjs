import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const built = readFileSync(new URL('../dist/index.js', import.meta.url));

test('the built file is under 4 KB gzipped', () => {
  const size = gzipSync(built, { level: 9 }).length;
  assert.ok(size < 4096, `it has ${size} bytes`);
});

test('it is one module that imports nothing, and has no dependencies', () => {
  assert.doesNotMatch(built.toString(), /\bimport\b|\brequire\(/);
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url)));
  assert.deepEqual([dependencies, peerDependencies], [undefined, undefined]);
});

test('it exports the client and its error', async () => {
  assert.deepEqual(Object.keys(await import('../dist/index.js')), ['AuthClient', 'AuthError']);
});

test('the types allow what is meant and refuse what is not', () => {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const { status, stdout } = spawnSync(process.execPath, [tsc, '--project', fileURLToPath(new URL('.', import.meta.url))], { encoding: 'utf8' });
  assert.equal(status, 0, stdout);
});
