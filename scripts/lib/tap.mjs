import { existsSync, readFileSync } from 'node:fs';

/** Sums up the protocol (TAP) of a `node --test` that ended with `code`, and names what failed; one that ran no test, or broke off, counts as failed. */
export function countTap(path, code) {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const count = what => Number(new RegExp(`^# ${what} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
  const tally = {
    passed: count('pass'),
    failed: count('fail') + count('cancelled'),
    skipped: count('skipped') + count('todo'),
    failures: [...text.matchAll(/^not ok \d+ - (.*)$/gm)].map(([, name]) => name),
  };
  if (tally.failed === 0 && (code !== 0 || tally.passed === 0)) {
    tally.failures.push(`${path}: the run broke off, or ran no test (exit code ${code}).`);
    tally.failed++;
  }
  return tally;
}
