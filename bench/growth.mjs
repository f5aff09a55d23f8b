import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { startAzurite } from '../scripts/lib/azurite.mjs';
import { Failure } from '../scripts/lib/failure.mjs';
import { readCount } from '../scripts/lib/options.mjs';
import { measure } from './generator.mjs';
import { growthFlows, personWith } from './growth-flows.mjs';
import { growthTable, judgeGrowth } from './growth-report.mjs';
import { populate } from './population.mjs';
import { startProxy } from './proxy.mjs';
import { measurePurge } from './purge.mjs';
import { azuriteSteps } from './raw.mjs';
import { startService } from './service.mjs';

/**
 * Compiled once and for good: services that have answered more requests than others would else be further on the way to their last code, and
 * what is compared is the sizes of stores.
 */
const settled = { DOTNET_TieredCompilation: '0' };

/** Sign-ins are measured without most of their hash, which would hide whatever else grows. */
export const iterations = 1000;
const warmUp = 0.5;

export const options = {
  rounds: { type: 'string', default: '3' },
  seconds: { type: 'string', default: '1' },
  users: { type: 'string', default: '100000' },
  only: { type: 'string' },
  out: { type: 'string', default: '.dev/bench' },
};

export const usage = `Measures whether what a flow costs grows with the people in the tables, or with the sessions of one.

  scripts/bench growth [--rounds N] [--seconds S] [--users N] [--only FLOW] [--out FOLDER]

  --rounds N     how often each flow is measured at each size, 3 unless told otherwise; the sizes take turns
  --seconds S    how long each time, 1 unless told otherwise, after a warm-up of half of that; 0.1 at least
  --users N      people in the largest store, 100000 unless told otherwise
  --only FLOW    one flow, or purge: ${growthFlows.map(f => f.name).join(', ')}
  --out FOLDER   where growth.json goes`;

export function check({ rounds, seconds, users, only, out }) {
  const chosen = growthFlows.filter(f => !only || f.name === only);
  if (chosen.length === 0 && only !== 'purge') {
    throw new Failure(`--only must be purge or one of ${growthFlows.map(f => f.name).join(', ')}, but is '${only}'.`);
  }
  if (!(Number(seconds) >= 0.1 && Number(seconds) <= 1000)) {
    throw new Failure(`--seconds must be 0.1 to 1000, but is '${seconds}'.`);
  }
  return { rounds: readCount('--rounds', rounds), seconds: Number(seconds), users: readCount('--users', users, 1_000_000), chosen, purges: !only || only === 'purge', out };
}

export async function run(children, { rounds, seconds, users, chosen, purges, out }) {
  const columns = chosen.length > 0 ? await prepareColumns(children, users) : [];
  const trips = chosen.length > 0 ? await countTrips(children, chosen, columns) : [];
  const results = await measureAll(columns, chosen, trips, { rounds, seconds });
  const signIn = chosen.find(f => f.name === 'sign-in');
  const fullSignIn = signIn && await measureFullSignIn(children, signIn, columns[0], seconds);
  const verdicts = judgeGrowth(columns, chosen, trips, results);
  const report = {
    at: new Date().toISOString(), cores: cpus().length, cpu: cpus()[0].model, node: process.version, rounds, seconds, users, iterations,
    columns: columns.map(({ name, people, sessions }) => ({ name, people, sessions })), trips, results, verdicts, fullSignIn, purge: [],
  };
  keep(out, report);
  if (purges) {
    report.purge = await measurePurge(children);
    keep(out, report);
  }
  console.log(`\n${growthTable(columns, verdicts, trips, fullSignIn, report.purge)}\n\n${out}/growth.json holds the same.`);
  return results.some(r => r.refused > 0) ? 1 : 0;
}

function keep(out, report) {
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'growth.json'), JSON.stringify(report, null, 2));
}

/** A column of the table each: so many people in the store, so many sessions of the one who is measured. */
async function prepareColumns(children, users) {
  const sizes = [...new Set([1, Math.min(1000, users), users])];
  const stores = [];
  for (const people of sizes) {
    const storage = await startAzurite(children, null);
    const target = await startService(children, storage, { ...settled, Passwords__Iterations: `${iterations}` });
    const began = performance.now();
    const rows = await populate(target, storage, people);
    console.log(`${people} people, ${rows} rows each: ${((performance.now() - began) / 1000).toFixed(1)} s`);
    stores.push({ people, storage, target });
  }
  return [
    ...stores.map(store => ({ ...store, name: `${store.people} ${store.people === 1 ? 'person' : 'people'}`, sessions: 1 })),
    ...[50, 100].map(sessions => ({ ...stores[0], name: `${sessions} sessions`, sessions })),
  ];
}

/** What a sign-in takes with the hash as it is in production. */
async function measureFullSignIn(children, flow, { storage }, seconds) {
  const target = await startService(children, storage, settled);
  const chain = await flow.prepare(await personWith(target, 1), target);
  return measure({ port: target.port, processId: target.pid, chains: [chain], steps: flow.steps(target), seconds: Math.max(3, seconds), warmUpSeconds: 2 });
}

/** What each flow asks of the tables, seen on the wire; by the smallest store's people, since others must ask the same. */
async function countTrips(children, flows, columns) {
  const proxy = await startProxy(columns[0].storage.connectionString);
  try {
    const target = await startService(children, { connectionString: proxy.connectionString }, { ...settled, Passwords__Iterations: `${iterations}` });
    const trips = [];
    for (const sessions of new Set(columns.map(c => c.sessions))) {
      for (const flow of flows) {
        const person = await personWith(target, sessions);
        const chain = await flow.prepare(person, target);
        const plan = { port: target.port, processId: target.pid, chains: [chain], steps: flow.steps(target) };
        // Long enough for a few rounds; the median of them is what the flow asks. The first may find a cold instance.
        proxy.take();
        const { rounds: done, refused, firstRefusal } = await measure({ ...plan, seconds: 0.3, warmUpSeconds: 0 });
        if (refused || done === 0) {
          throw new Failure(`${flow.name} was refused: ${firstRefusal}`);
        }
        trips.push({ flow: flow.name, sessions, ...mean(proxy.take(), done) });
      }
    }
    return trips;
  } finally {
    proxy.stop();
  }
}

/** How many of each kind a round takes, on average. */
function mean(seen, rounds) {
  const of = kind => seen.filter(s => s.kind === kind);
  // To a tenth: a round that was under way at the end is among them.
  const per = value => Math.round(value / rounds * 10) / 10;
  return {
    reads: per(of('read').length), claims: per(of('claim').length), ranges: per(of('range').length), writes: per(of('write').length), transactions: per(of('transaction').length),
    rowsInTransactions: per(of('transaction').reduce((sum, s) => sum + s.rows, 0)),
    bytesSent: per(seen.reduce((sum, s) => sum + s.sent, 0)), bytesReceived: per(seen.reduce((sum, s) => sum + s.received, 0)),
  };
}

/** Every flow at every size in turn, and Azurite by itself at every size: what the machine does meanwhile meets them alike. */
async function measureAll(columns, flows, trips, { rounds, seconds }) {
  const kinds = ['read', 'claim', 'range', 'write', 'transaction'].filter(kind => trips.some(t => t[`${kind}s`] > 0));
  const results = [];
  const people = new Map();
  for (const column of columns) {
    people.set(column, new Map());
    for (const flow of flows) {
      people.get(column).set(flow, await flow.prepare(await personWith(column.target, column.sessions), column.target));
    }
    column.azurite = await azuriteSteps(column, await personWith(column.target, column.sessions));
  }
  for (let round = 1; round <= rounds; round++) {
    for (const kind of kinds) {
      for (const column of columns) {
        const { port, processId, chain, steps } = column.azurite[kind];
        results.push({ round, column: column.name, azurite: kind, ...await measure({ port, processId, chains: [chain], steps, seconds, warmUpSeconds: seconds * warmUp }) });
      }
    }
    for (const flow of flows) {
      for (const column of columns) {
        const { target } = column;
        // A chain goes on where it stopped, with what it was answered last: so it begins anew each time.
        const chain = round === 1 ? people.get(column).get(flow) : await flow.prepare(await personWith(target, column.sessions), target);
        const measured = await measure({ port: target.port, processId: target.pid, chains: [chain], steps: flow.steps(target), seconds, warmUpSeconds: seconds * warmUp });
        results.push({ round, column: column.name, flow: flow.name, ...measured });
        console.log(`round ${round}  ${flow.name.padEnd(20)}${column.name.padEnd(16)}${measured.p50Milliseconds.toFixed(2).padStart(9)} ms`
          + `${measured.cpuMicroseconds.toFixed(0).padStart(8)} µs${measured.refused ? `   REFUSED ${measured.refused}\n${measured.firstRefusal}` : ''}`);
      }
    }
  }
  return results;
}
