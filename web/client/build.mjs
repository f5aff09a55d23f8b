// Builds dist/index.js, the one minified file that is served, measured and tested. With --types also dist/index.d.ts, which takes
// the compiler's time and which no browser asks for.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const folder = fileURLToPath(new URL('.', import.meta.url));

await build({
  absWorkingDir: folder,
  entryPoints: ['src/index.ts'],
  outfile: 'dist/index.js',
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  logLevel: 'warning',
});

if (process.argv.includes('--types')) {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  process.exitCode = spawnSync(process.execPath, [tsc, '--project', folder], { stdio: 'inherit' }).status ?? 1;
}
