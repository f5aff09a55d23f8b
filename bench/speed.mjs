import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { startAzurite } from '../scripts/lib/azurite.mjs';
import { Failure } from '../scripts/lib/failure.mjs';
import { readCount } from '../scripts/lib/options.mjs';
import { flows } from './flows.mjs';
import { measure } from './generator.mjs';
import { chart, judge, table } from './report.mjs';
import { measureStarts, startService } from './service.mjs';

export const options = {
  rounds: { type: 'string', default: '5' },
  seconds: { type: 'string', default: '4' },
  connections: { type: 'string', default: '8' },
  only: { type: 'string' },
  out: { type: 'string', default: '.dev/bench' },
};

export const usage = `Measures the service against its peers and against what nothing can undercut, in interleaved rounds on this machine.

  scripts/bench [speed] [--rounds N] [--seconds S] [--connections C] [--only FLOW] [--out FOLDER]

  --rounds N        how often each flow is measured at each target, 5 unless told otherwise; ratios are taken within a round
  --seconds S       how long each time, 4 unless told otherwise, after a warm-up of a quarter of that
  --connections C   connections of the load generator, 8 unless told otherwise
  --only FLOW       one flow: ${flows.map(f => f.name).join(', ')}
  --out FOLDER      where results.json and chart.svg go`;

export function check({ rounds, seconds, connections, only, out }) {
  const chosen = flows.filter(f => !only || f.name === only);
  if (chosen.length === 0) {
    throw new Failure(`--only must be one of ${flows.map(f => f.name).join(', ')}, but is '${only}'.`);
  }
  return { rounds: readCount('--rounds', rounds), seconds: readCount('--seconds', seconds), connections: readCount('--connections', connections), chosen, out };
}

export async function run(children, { rounds, seconds, connections, chosen, out }) {
  await installPeers(children);
  // Of packages that were not there a moment ago.
  const { startPeers } = await import('./peers.mjs');
  const storage = await startAzurite(children, null);
  const starts = chosen.length < flows.length ? [] : await measureStarts(children, storage, rounds);
  const targets = { ...await startPeers(children, storage), service: await startService(children, storage) };
  const results = await measureAll(targets, chosen, { rounds, seconds, connections });
  const verdicts = judge(results, starts);
  const report = { at: new Date().toISOString(), cores: cpus().length, cpu: cpus()[0].model, node: process.version, rounds, seconds, connections, results, starts, verdicts };
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'results.json'), JSON.stringify(report, null, 2));
  writeFileSync(join(out, 'chart.svg'), chart(results));
  console.log(`\n${table(results, starts, verdicts)}\n\n${out}/results.json and chart.svg hold the same.`);
  return results.some(r => r.refused > 0) ? 1 : 0;
}

/** Every flow at every target of its, one after the other, and all of that again: what the machine does meanwhile meets them alike. */
async function measureAll(targets, chosen, { rounds, seconds, connections }) {
  const results = [];
  // The first of them warms up, all targets alike: a compiler that compiles what is called often needs it to be called often.
  for (let round = 0; round <= rounds; round++) {
    for (const flow of chosen) {
      for (const [name, make] of Object.entries(flow.at)) {
        const target = targets[name];
        const { chains = Array(connections).fill({}), steps } = await make(target, connections, targets);
        const measured = await measure({ port: target.port, processId: target.pid, seconds, warmUpSeconds: seconds / 4, chains, steps });
        if (round > 0) {
          results.push({ round, flow: flow.name, target: name, ...measured });
        }
        console.log(`${round === 0 ? 'warm up' : `round ${round}`}  ${flow.name.padEnd(20)}${name.padEnd(24)}${measured.perSecond.toFixed(0).padStart(8)}/s`
          + `${measured.p50Milliseconds.toFixed(2).padStart(9)} ms${measured.cpuMicroseconds.toFixed(0).padStart(8)} µs${measured.refused ? `   REFUSED ${measured.refused}` : ''}`);
        if (measured.refused) {
          console.log(measured.firstRefusal);
        }
      }
    }
  }
  return results;
}

async function installPeers(children) {
  const { code, output } = await children.run('npm', 'npm', ['ci', '--prefix', 'bench', '--no-audit', '--no-fund', '--loglevel=error']);
  if (code !== 0) {
    throw new Failure(`npm ci of the peers failed.\n${output}`);
  }
}
