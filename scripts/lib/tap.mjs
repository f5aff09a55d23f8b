import { existsSync, readFileSync } from 'node:fs';

/** Sums up the protocol (TAP) of a `node --test` that ended with `code`; one that ran no test, or broke off, counts as failed. */
export function countTap(path, code) {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const count = what => Number(new RegExp(`^# ${what} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
  const tally = { passed: count('pass'), failed: count('fail') + count('cancelled'), skipped: count('skipped') + count('todo') };
  if (tally.failed === 0 && (code !== 0 || tally.passed === 0)) {
    console.error(`${path}: the run broke off, or ran no test (exit code ${code}).`);
    tally.failed++;
  }
  return tally;
}
