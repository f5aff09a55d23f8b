import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { startAzurite } from '../scripts/lib/azurite.mjs';
import { Failure } from '../scripts/lib/failure.mjs';
import { readCount } from '../scripts/lib/options.mjs';
import { each, flows, get, password, post, signUp } from './flows.mjs';
import { mix } from './generator.mjs';
import { checkLinux, cpuSeconds } from './process.mjs';
import { markdown } from './report.mjs';
import { startFloor, startService } from './service.mjs';
import { percentiles, spread } from './statistics.mjs';

const goal = 3;
const fewestJudged = 100;
const checkers = 8;

export const options = {
  rounds: { type: 'string', default: '3' },
  'sign-ins': { type: 'string', default: '200' },
  rate: { type: 'string', default: '100' },
  quiet: { type: 'string', default: '15' },
  out: { type: 'string', default: '.dev/bench' },
};

export const usage = `Measures whether a burst of sign-ins holds up those who are signed in: the time of a session check while many sign in at
once, over its time before. Every sign-in has a connection of its own and the right password, and comes back when a 503 tells it to.

  scripts/bench burst [--rounds N] [--sign-ins N] [--rate R] [--quiet S] [--out FOLDER]

  --rounds N      how many bursts are measured, 3 unless told otherwise, after one that warms up
  --sign-ins N    how many sign in at once, 200 unless told otherwise; fewer than ${fewestJudged} are not judged
  --rate R        session checks a second, sent whether the last one was answered or not, 100 unless told otherwise
  --quiet S       seconds of quiet before each burst, 15 unless told otherwise
  --out FOLDER    where burst.json goes`;

export function check({ rounds, 'sign-ins': signIns, rate, quiet, out }) {
  checkLinux();
  return {
    rounds: readCount('--rounds', rounds), signIns: readCount('--sign-ins', signIns), rate: readCount('--rate', rate), quiet: readCount('--quiet', quiet), out,
  };
}

export async function run(children, { rounds, signIns, rate, quiet, out }) {
  const storage = await startAzurite(children, null);
  const service = await startService(children, storage);
  const floor = await startFloor(children);
  console.log(`Registering ${signIns} people …`);
  const began = performance.now();
  const people = await each(signIns, async () => ({ email: (await signUp(service)).email }));
  // Registering one costs what signing one in does, and a burst no less; what was turned away comes back a second later.
  const burstSeconds = 1.25 * (performance.now() - began) / 1000 + 2;
  const period = quiet + burstSeconds;
  const seconds = rounds * period + burstSeconds;
  console.log(`${rounds + 1} bursts in ${seconds.toFixed(0)} s …`);

  const { chains, steps } = await flows.find(flow => flow.name === 'session check').at.service(service, checkers);
  const signIn = {
    ...post(service.contoso, '/login', ['Content-Type: application/json', `Origin: ${service.contoso.app}`],
      `{"email":"\${email}","password":"${password}"}`),
    persists: true,
  };
  const loads = {
    check: { port: service.port, rate, chains, steps },
    // A process that hashes nothing, at the same rate: what of it is the machine's.
    floor: { port: floor.port, rate, phase: 0.5, chains: chains.map(() => ({})), steps: [get({ auth: `http://127.0.0.1:${floor.port}` }, '/verify')] },
    signIn: { port: service.port, rate: signIns / period, atOnce: signIns, chains: people, steps: [signIn] },
  };
  mkdirSync(out, { recursive: true });
  const processes = { 'the service': service.pid, Azurite: storage.pid, 'the floor': floor.pid };
  const windows = [];
  await mix(children, join(out, 'burst-plan.json'), { seconds, windowSeconds: 1, loads }, {
    onStart: pid => processes['the load generator'] = pid,
    onWindow: done => windows.push({
      done, cpu: Object.fromEntries(Object.entries(processes).map(([name, pid]) => [name, cpuSeconds(pid)])),
    }),
  });

  const figures = evaluate(windows);
  const judged = signIns >= fewestJudged;
  const isMet = figures.ratio.median <= goal;
  const refusals = windows.flatMap(({ done }) => Object.values(done)).filter(load => load.refused > 0);
  writeFileSync(join(out, 'burst.json'), JSON.stringify({
    at: new Date().toISOString(), cores: cpus().length, cpu: cpus()[0].model, rounds, signIns, rate, ...figures, goal, isMet: judged ? isMet : undefined,
    refused: refusals.reduce((sum, load) => sum + load.refused, 0),
  }, null, 2));
  console.log(`\n${table(figures, signIns)}\n`);
  console.log(judged
    ? `Goal: the session check’s p99 at most ${goal} × its quiet value: ${isMet ? 'met' : '**missed**'}.`
    : `Not judged: fewer than ${fewestJudged} sign-ins.`);
  console.log(`${out}/burst.json holds the same.`);
  refusals.forEach(load => console.log(`REFUSED ${load.refused}\n${load.firstRefusal}`));
  return refusals.length > 0 || (judged && !isMet) ? 1 : 0;
}

/** What each burst came to, and the quiet before it; the first one warmed up. */
function evaluate(windows) {
  const all = name => windows.flatMap(({ done }) => done[name].rounds);
  const begins = [...new Set(all('signIn').map(round => round.due))].toSorted((a, b) => a - b);
  const bursts = begins.map(begin => {
    const rounds = all('signIn').filter(round => round.due === begin);
    return { begin, rounds, end: begin + Math.max(...rounds.map(r => r.milliseconds)) / 1000 };
  });
  if (bursts.some(({ begin }, index) => index > 0 && begin < bursts[index - 1].end + 2)) {
    throw new Failure('a burst began before the one before it was over; the machine is too busy to measure on.');
  }
  const between = (from, to) => {
    const times = name => percentiles(all(name).filter(r => r.due >= from && r.due < to).map(r => r.milliseconds));
    return { seconds: to - from, check: times('check'), floor: times('floor'), cores: coresBetween(windows, from, to) };
  };
  const measured = bursts.slice(1).map(({ begin, end, rounds }, index) => ({
    quiet: between(bursts[index].end + 1, begin),
    burst: between(begin, end),
    signIns: {
      ...percentiles(rounds.map(r => r.milliseconds)),
      atFirst: rounds.filter(r => r.deferrals === 0).length,
      deferrals: rounds.reduce((sum, r) => sum + r.deferrals, 0),
    },
  }));
  const ratio = name => spread(measured.map(({ quiet, burst }) => burst[name].p99 / quiet[name].p99));
  return { measured, ratio: ratio('check'), floorRatio: ratio('floor') };
}

/** How many cores' worth of time each process had. */
function coresBetween(windows, from, to) {
  // The n-th window ends at second n; the nearest to each end will do.
  const begin = Math.max(1, Math.floor(from));
  const seconds = Math.max(1, Math.round(to) - begin);
  const [first, last] = [begin, begin + seconds].map(second => windows[Math.min(second, windows.length) - 1].cpu);
  return Object.fromEntries(Object.keys(last).map(name => [name, (last[name] - first[name]) / seconds]));
}

function table({ measured, ratio, floorRatio }, signIns) {
  const median = of => spread(measured.map(of)).median;
  const milliseconds = value => `${value.toFixed(2)} ms`;
  const times = (what, name, percentile) => [
    what, milliseconds(median(m => m.quiet[name][percentile])), milliseconds(median(m => m.burst[name][percentile])),
    spread(measured.map(m => m.burst[name][percentile] / m.quiet[name][percentile])).median.toFixed(2),
  ];
  const cores = name => [`CPU of ${name}`, ...['quiet', 'burst'].map(phase => `${median(m => m[phase].cores[name]).toFixed(2)} cores`), ''];
  const range = ({ least, greatest }) => `${least.toFixed(2)} to ${greatest.toFixed(2)}`;
  return [
    markdown(['median of the bursts', 'quiet', `during ${signIns} sign-ins`, 'ratio'], [
      times('session check, p50', 'check', 'p50'),
      [...times('session check, p99', 'check', 'p99').slice(0, 3), `**${ratio.median.toFixed(2)}** (${range(ratio)})`],
      times('session check, longest', 'check', 'max'),
      times('empty Kestrel endpoint and one verification, p50', 'floor', 'p50'),
      [...times('the same, p99', 'floor', 'p99').slice(0, 3), `${floorRatio.median.toFixed(2)} (${range(floorRatio)})`],
      ...Object.keys(measured[0].quiet.cores).map(cores),
    ]),
    markdown(['sign-ins', ''], [
      ['got in', `${median(m => m.signIns.count)} of ${signIns}`],
      ['at the first try', `${median(m => m.signIns.atFirst)}`],
      ['answers 503 with Retry-After, waited out', `${median(m => m.signIns.deferrals)}`],
      ['the last was in after', `${(median(m => m.signIns.max) / 1000).toFixed(1)} s`],
    ]),
  ].join('\n\n');
}
