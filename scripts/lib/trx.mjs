import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Sums up the test result files (trx) of a folder; a file without counters is a broken-off run, and counts as failed. */
export function countResults(folder) {
  const tally = { passed: 0, failed: 0, skipped: 0 };
  for (const name of readdirSync(folder).filter(name => name.endsWith('.trx'))) {
    const counters = /<Counters\s([^>]*)>/.exec(readFileSync(join(folder, name), 'utf8'))?.[1];
    if (!counters) {
      console.error(`${name} has no result: its run broke off.`);
      tally.failed++;
      continue;
    }
    const count = attribute => Number(new RegExp(`\\b${attribute}="(\\d+)"`).exec(counters)?.[1] ?? 0);
    const failed = ['failed', 'error', 'timeout', 'aborted'].reduce((sum, attribute) => sum + count(attribute), 0);
    tally.passed += count('passed');
    tally.failed += failed;
    // xunit leaves notExecuted at 0 for skipped tests: they are the ones in no other column.
    tally.skipped += Math.max(0, count('total') - count('passed') - failed);
  }
  return tally;
}
