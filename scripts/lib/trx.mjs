import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Sums up the test result files (trx) of a folder, and names what failed; a file without counters is a broken-off run, and counts as failed. */
export function countResults(folder) {
  const tally = { passed: 0, failed: 0, skipped: 0, failures: [] };
  for (const name of readdirSync(folder).filter(name => name.endsWith('.trx'))) {
    const text = readFileSync(join(folder, name), 'utf8');
    const counters = /<Counters\s([^>]*)>/.exec(text)?.[1];
    if (!counters) {
      tally.failures.push(`${name} has no result: its run broke off.`);
      tally.failed++;
      continue;
    }
    const count = attribute => Number(new RegExp(`\\b${attribute}="(\\d+)"`).exec(counters)?.[1] ?? 0);
    const failed = ['failed', 'error', 'timeout', 'aborted'].reduce((sum, attribute) => sum + count(attribute), 0);
    tally.passed += count('passed');
    tally.failed += failed;
    // xunit leaves notExecuted at 0 for skipped tests: they are the ones in no other column.
    tally.skipped += Math.max(0, count('total') - count('passed') - failed);
    tally.failures.push(...failuresIn(text));
  }
  return tally;
}

/** The name of each test that failed, with the first line of why. */
function failuresIn(text) {
  return [...text.matchAll(/<UnitTestResult\s[^>]*outcome="Failed"[\s\S]*?<\/UnitTestResult>/g)].map(([result]) => {
    const name = /testName="([^"]*)"/.exec(result)?.[1] ?? '';
    const why = /<Message>([^<\n]*)/.exec(result)?.[1] ?? '';
    return unescape([name, why].filter(Boolean).join(': '));
  });
}

function unescape(xml) {
  const entities = { quot: '"', apos: "'", lt: '<', gt: '>', amp: '&' };
  return xml.replace(/&(?:#x([0-9a-f]+)|(\w+));/gi, (whole, code, name) => code ? String.fromCodePoint(parseInt(code, 16)) : entities[name] ?? whole);
}
