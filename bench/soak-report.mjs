import { markdown } from './report.mjs';
import { percentiles, spread } from './statistics.mjs';

/** The load that goes to Azurite itself; shown beside the service's, and not judged. */
export const probe = 'Azurite, one read';

export const fewestMinutes = 10;

/** Fewer rounds say nothing of their 99th percentile. */
const fewestForP99 = 1000;

/** How much greater a figure may be in the last quarter than in the second; the first warms up. */
const goals = { residentMegabytes: 1.05, privateMegabytes: 1.05, files: 1.05, threads: 1.1, p50: 1.2, p99: 1.2 };

const figures = {
  residentMegabytes: 'resident memory, MB', privateMegabytes: 'of it private, MB', files: 'open files', threads: 'threads',
  p50: 'p50, ms', p99: 'p99, ms',
};

/** What was measured, as samples over time, and as figures of each quarter. */
export function evaluate(windows, { seconds, windowSeconds }) {
  const quarters = [0, 1, 2, 3].map(n => [n * seconds / 4, (n + 1) * seconds / 4]);
  // What was still under way at the end comes in a window more.
  const samples = windows.slice(0, Math.round(seconds / windowSeconds)).map(({ done, service, azurite, generator }, index) => ({
    second: (index + 1) * windowSeconds, service, azurite, generator,
    times: Object.fromEntries(Object.entries(done).map(([name, { rounds }]) => [name, percentiles(rounds.map(r => r.milliseconds))])),
  }));
  const processes = Object.fromEntries(['service', 'azurite', 'generator'].map(name => [name, quarters.map(([from, to]) => {
    const own = samples.filter(s => s.second > from && s.second <= to).map(s => s[name]);
    const median = figure => spread(own.map(s => s[figure])).median;
    return {
      ...Object.fromEntries(['residentMegabytes', 'privateMegabytes', 'files', 'threads'].map(figure => [figure, median(figure)])),
      cores: own.length < 2 ? undefined : (own.at(-1).cpuSeconds - own[0].cpuSeconds) / ((own.length - 1) * windowSeconds),
    };
  })]));
  const loads = Object.keys(windows[0].done).map(name => {
    const rounds = windows.flatMap(({ done }) => done[name].rounds);
    return {
      name, count: rounds.length, refused: windows.reduce((sum, { done }) => sum + done[name].refused, 0),
      quarters: quarters.map(([from, to]) => percentiles(rounds.filter(r => r.due >= from && r.due < to).map(r => r.milliseconds))),
    };
  });
  return { samples, processes, loads };
}

/** Each goal with its figures in the second and the last quarter, and whether it is met. */
export function judge({ processes, loads }) {
  const verdict = (what, figure, [, second, , last]) => {
    const ratio = last[figure] / second[figure];
    return { what: `${what}: ${figures[figure]}`, second: second[figure], last: last[figure], ratio, atMost: goals[figure], isMet: ratio <= goals[figure] };
  };
  return [
    ...['residentMegabytes', 'privateMegabytes', 'files', 'threads'].map(figure => verdict('the service', figure, processes.service)),
    ...loads.filter(load => load.name !== probe).flatMap(({ name, quarters }) => [
      verdict(name, 'p50', quarters),
      ...quarters[1].count >= fewestForP99 ? [verdict(name, 'p99', quarters)] : [],
    ]),
  ];
}

/** The tables that end a run, in Markdown. */
export function table({ processes, loads }, verdicts) {
  const number = value => value === undefined ? '' : value.toFixed(value < 10 ? 2 : 0);
  const row = (what, of) => [what, ...[0, 1, 2, 3].map(n => number(of(n)))];
  const own = Object.entries({ service: 'the service', azurite: 'Azurite', generator: 'the load generator' }).flatMap(([name, what]) => [
    row(`${what}: CPU, cores`, n => processes[name][n].cores),
    ...['residentMegabytes', 'privateMegabytes', 'files', 'threads'].slice(0, name === 'service' ? 4 : 1)
      .map(figure => row(`${what}: ${figures[figure]}`, n => processes[name][n][figure])),
  ]);
  const times = loads.flatMap(({ name, quarters }) => ['p50', 'p99'].map(figure => row(`${name}: ${figures[figure]}`, n => quarters[n][figure])));
  return [
    markdown(['load', 'rounds', 'refused against expectation'], loads.map(({ name, count, refused }) => [name, count, refused])),
    markdown(['', 'first quarter', 'second', 'third', 'last'], [...own, ...times]),
    ...verdicts.length === 0 ? [] : [markdown(['goal', 'second quarter', 'last', 'ratio', '', ''], verdicts.map(({ what, second, last, ratio, atMost, isMet }) =>
      [what, number(second), number(last), ratio.toFixed(2), `≤ ${atMost}`, isMet ? 'met' : '**missed**']))],
  ].join('\n\n');
}

/** Memory, files and threads over time, and the times of each load as ratios to what they are halfway: flat lines are good. */
export function chart({ samples, loads }) {
  const over = of => samples.map(sample => [sample.second, of(sample)]).filter(([, value]) => Number.isFinite(value));
  const relative = figure => loads.map(({ name, quarters }) => ({ name, points: over(s => s.times[name][figure] / quarters[1][figure]) }));
  const panels = [
    { title: 'Memory, MB', lines: [
      { name: 'the service, resident', points: over(s => s.service.residentMegabytes) },
      { name: 'the service, private', points: over(s => s.service.privateMegabytes) },
      { name: 'Azurite, resident', points: over(s => s.azurite.residentMegabytes) },
    ] },
    { title: 'Open files and threads of the service', lines: [
      { name: 'open files', points: over(s => s.service.files) }, { name: 'threads', points: over(s => s.service.threads) },
    ] },
    { title: 'Median time, over that of the second quarter', lines: relative('p50') },
    { title: '99th percentile, over that of the second quarter', lines: relative('p99') },
  ];
  const [width, height] = [860, 190];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${panels.length * height}" font-family="system-ui, sans-serif" font-size="11" fill="#334155">`
    + `<rect width="${width}" height="${panels.length * height}" fill="#fff"/>${panels.map((panel, index) => draw(panel, index * height, samples.at(-1).second)).join('')}</svg>\n`;
}

const colours = ['#2563eb', '#16a34a', '#94a3b8', '#dc2626', '#9333ea', '#ea580c', '#0891b2', '#ca8a04', '#db2777', '#475569'];

function draw({ title, lines }, top, seconds) {
  const [left, right, upper, lower] = [50, 650, top + 30, top + 170];
  const most = 1.1 * Math.max(...lines.flatMap(({ points }) => points.map(([, value]) => value)));
  const at = ([second, value]) => `${(left + second / seconds * (right - left)).toFixed(1)},${(lower - value / most * (lower - upper)).toFixed(1)}`;
  const axis = [0, 0.5, 1].map(share => `<text x="${left - 6}" y="${lower - share * (lower - upper) + 4}" text-anchor="end">${brief(share * most)}</text>`);
  return `<text x="16" y="${top + 18}" font-size="13">${title}</text>${axis.join('')}`
    + `<path d="M${left} ${upper}V${lower}H${right}" fill="none" stroke="#cbd5e1"/><text x="${right}" y="${lower + 14}" text-anchor="end">${brief(seconds / 60)} min</text>`
    + lines.map(({ name, points }, index) => `<polyline points="${points.map(at).join(' ')}" fill="none" stroke="${colours[index]}" stroke-width="1.5"/>`
      + `<text x="${right + 16}" y="${upper + 8 + index * 14}" fill="${colours[index]}">${name}</text>`).join('');
}

function brief(value) {
  return value.toFixed(value < 10 ? 1 : 0);
}
