import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { startAzurite } from '../scripts/lib/azurite.mjs';
import { Failure } from '../scripts/lib/failure.mjs';
import { readCount, readNumber } from '../scripts/lib/options.mjs';
import { measure, mix } from './generator.mjs';
import { keepHouse } from './housekeeping.mjs';
import { mixture } from './mixture.mjs';
import { probeAzurite } from './probe.mjs';
import { checkLinux, readProcess } from './process.mjs';
import { startService } from './service.mjs';
import { chart, evaluate, fewestMinutes, judge, probe, table } from './soak-report.mjs';

const probesPerSecond = 10;

// What signs the chains in lives for an hour (service.mjs).
const mostMinutes = 50;

// A round is all that the service does, and may take a slow machine long.
const mostSecondsForCapacity = 60;

export const options = {
  minutes: { type: 'string', default: '20' },
  share: { type: 'string', default: '0.5' },
  connections: { type: 'string', default: '8' },
  out: { type: 'string', default: '.dev/bench' },
};

export const usage = `Keeps the service busy with everything it does, and tells whether memory, files, threads and times stay as they are.
How much it bears is found first, by as many rounds of the mixture as it answers; a share of that is then sent evenly, whether the last requests were answered or not.
What the past leaves in the storage (codes, handoffs, events) is deleted meanwhile, as the service's purge would after their time: the emulator grows slower with its rows.

  scripts/bench soak [--minutes M] [--share S] [--connections C] [--out FOLDER]

  --minutes M       how long, up to ${mostMinutes}; 20 unless told otherwise; fewer than ${fewestMinutes} are not judged
  --share S         of what it bears, above 0 and up to 1; 0.5 unless told otherwise
  --connections C   connections for each kind of request, 8 unless told otherwise
  --out FOLDER      where soak.json and soak.svg go`;

export function check({ minutes, share, connections, out }) {
  checkLinux();
  return {
    minutes: readNumber('--minutes', minutes, mostMinutes), share: readNumber('--share', share, 1),
    connections: readCount('--connections', connections), out,
  };
}

export async function run(children, { minutes, share, connections, out }) {
  const seconds = minutes * 60;
  const windowSeconds = Math.min(10, seconds / 8);
  const storage = await startAzurite(children, null);
  const service = await startService(children, storage);
  mkdirSync(out, { recursive: true });
  const capacity = await findCapacity(service, connections, Math.min(15, seconds));
  console.log(`It bears ${capacity.requests.toFixed(0)} requests a second; now ${share} × that for ${minutes} minutes …`);

  const loads = { [probe]: await probeAzurite(storage, probesPerSecond) };
  for (const [index, { name, weight, make }] of mixture.entries()) {
    const { chains = Array(connections).fill({}), steps } = await make(service, connections);
    loads[name] = { port: service.port, rate: share * capacity.rounds * weight, chains, steps, phase: index / mixture.length };
  }
  const processes = { service: service.pid, azurite: storage.pid };
  const windows = [];
  const stopHousekeeping = keepHouse(storage);
  await mix(children, join(out, 'soak-plan.json'), { seconds, windowSeconds, loads }, {
    onStart: pid => processes.generator = pid,
    onWindow: done => {
      windows.push({ done, ...Object.fromEntries(Object.entries(processes).map(([name, pid]) => [name, readProcess(pid)])) });
      tell(windows);
    },
  });
  const cleared = await stopHousekeeping();

  const evaluated = evaluate(windows, { seconds, windowSeconds });
  const isJudged = minutes >= fewestMinutes;
  const verdicts = isJudged ? judge(evaluated) : [];
  const refused = evaluated.loads.reduce((sum, load) => sum + load.refused, 0);
  writeFileSync(join(out, 'soak.json'), JSON.stringify({
    at: new Date().toISOString(), cores: cpus().length, cpu: cpus()[0].model, minutes, share, connections,
    capacity, cleared, isJudged, refused, verdicts, ...evaluated,
  }, null, 2));
  writeFileSync(join(out, 'soak.svg'), chart(evaluated));
  console.log(`\n${table(evaluated, verdicts)}\n\n${cleared} rows of the past were deleted meanwhile.`);
  console.log(isJudged ? `${verdicts.filter(v => !v.isMet).length} of ${verdicts.length} goals missed.` : `Not judged: less than ${fewestMinutes} minutes.`);
  console.log(`${out}/soak.json and soak.svg hold the same.`);
  return refused > 0 || verdicts.some(v => !v.isMet) ? 1 : 0;
}

/** Rounds of the whole mixture a second, and requests, each connection as fast as it is answered. */
async function findCapacity(service, connections, seconds) {
  const made = [];
  for (const { weight, make } of mixture) {
    const { chains = Array(connections).fill({}), steps } = await make(service, connections);
    made.push({ weight, chains, steps });
  }
  const chains = Array.from({ length: connections }, (_, index) => Object.assign({}, ...made.map(({ chains }) => chains[index])));
  const steps = made.flatMap(({ weight, steps }) => Array(weight).fill(steps).flat());
  const plan = { port: service.port, processId: service.pid, seconds, warmUpSeconds: seconds / 3, chains, steps };
  const { rounds, perSecond, refused, firstRefusal } = await measure(plan);
  if (refused > 0) {
    throw new Failure(`the service bears nothing: ${firstRefusal}`);
  }
  if (rounds === 0 && seconds < mostSecondsForCapacity) {
    return findCapacity(service, connections, seconds * 2);
  }
  if (rounds === 0) {
    throw new Failure(`the service bears nothing: no round was done in ${seconds} seconds.`);
  }
  return { rounds: perSecond, requests: perSecond * steps.length };
}

function tell(windows) {
  const { done, service, azurite } = windows.at(-1);
  const refused = Object.values(done).filter(load => load.refused > 0);
  refused.forEach(load => console.log(`REFUSED ${load.refused}\n${load.firstRefusal}`));
  if (windows.length % 6 === 0) {
    const rounds = Object.values(done).reduce((sum, load) => sum + load.rounds.length, 0);
    console.log(`window ${windows.length}  ${rounds} rounds  service ${service.residentMegabytes.toFixed(0)} MB, ${service.files} files, ${service.threads} threads`
      + `  Azurite ${azurite.residentMegabytes.toFixed(0)} MB`);
  }
}
