import { spread } from './statistics.mjs';

/**
 * What the figures should be, as ratios of the service's to the other's within one round: requests a second at least `atLeast`, times at
 * most `atMost`.
 */
const goals = [
  { flow: 'jwks', against: 'oidc-provider, memory', figure: 'perSecond', atLeast: 4.5 },
  { flow: 'jwks', against: 'floor', figure: 'perSecond', atLeast: 0.9 },
  { flow: 'client credentials', against: 'oidc-provider, Azurite', figure: 'perSecond', atLeast: 4 },
  { flow: 'client credentials', against: 'floor', figure: 'cpuMicroseconds', atMost: 1.6 },
  { flow: 'refresh', against: 'oidc-provider, Azurite', figure: 'perSecond', atLeast: 2.5 },
  { flow: 'refresh', against: 'Azurite', figure: 'p50Milliseconds', atMost: 1.3 },
  { flow: 'introspect', against: 'oidc-provider, Azurite', figure: 'perSecond', atLeast: 4 },
  { flow: 'session check', against: 'better-auth, memory', figure: 'perSecond', atLeast: 10 },
  { flow: 'session check', against: 'floor', figure: 'cpuMicroseconds', atMost: 1.5 },
];

const startGoal = 1.5;
const figures = { perSecond: 'requests a second', cpuMicroseconds: 'CPU a request', p50Milliseconds: 'median time' };

/** Each goal with the median ratio of the rounds, the least and the greatest, and whether it is met. */
export function judge(results, starts) {
  const verdicts = goals.map(goal => {
    const ratios = rounds(results).flatMap(round => {
      const of = target => results.find(r => r.round === round && r.flow === goal.flow && r.target === target)?.[goal.figure];
      return of('service') && of(goal.against) ? [of('service') / of(goal.against)] : [];
    });
    return { what: `${goal.flow}: ${figures[goal.figure]}, over ${goal.against}`, ...spread(ratios), ...goal };
  });
  verdicts.push({
    what: 'start to first token, over an empty Kestrel endpoint’s first answer',
    ...spread(starts.map(s => s.serviceMilliseconds / s.floorMilliseconds)), atMost: startGoal,
  });
  const memory = target => results.findLast(r => r.target === target)?.residentMegabytes;
  verdicts.push({
    what: 'resident memory after the run, over oidc-provider, Azurite',
    ...spread(memory('service') && memory('oidc-provider, Azurite') ? [memory('service') / memory('oidc-provider, Azurite')] : []), atMost: 1,
  });
  return verdicts.filter(v => v.median !== undefined).map(v => ({ ...v, isMet: v.atLeast ? v.median >= v.atLeast : v.median <= v.atMost }));
}

/** The tables that end a run, in Markdown. */
export function table(results, starts, verdicts) {
  const measured = series(results).map(({ flow, target, of }) => [
    flow, target, of('perSecond').median.toFixed(0), of('p50Milliseconds').median.toFixed(2), of('p99Milliseconds').median.toFixed(2),
    of('cpuMicroseconds').median.toFixed(0), of('residentMegabytes').median.toFixed(0),
  ]);
  const started = starts.length === 0 ? [] : [
    ['start', 'service', '', spread(starts.map(s => s.serviceMilliseconds)).median.toFixed(0), '', '', ''],
    ['start', 'floor', '', spread(starts.map(s => s.floorMilliseconds)).median.toFixed(0), '', '', ''],
  ];
  const judged = verdicts.map(({ what, median, least, greatest, atLeast, atMost, isMet }) => [
    what, median.toFixed(2), `${least.toFixed(2)} to ${greatest.toFixed(2)}`, atLeast ? `≥ ${atLeast}` : `≤ ${atMost}`, isMet ? 'met' : '**missed**',
  ]);
  return [
    markdown(['flow', 'target', 'a second', 'p50 ms', 'p99 ms', 'CPU µs', 'MB'], [...measured, ...started]),
    markdown(['ratio', 'median', 'spread', 'goal', ''], judged),
  ].join('\n\n');
}

/** Bars of requests a second, flow by flow, each flow to a scale of its own. */
export function chart(results) {
  const rows = series(results);
  const [line, left, width] = [22, 330, 420];
  const bars = rows.map(({ flow, target, of }, index) => {
    const rate = of('perSecond').median;
    const most = Math.max(...rows.filter(r => r.flow === flow).map(r => r.of('perSecond').median));
    const y = 40 + index * line;
    return `<text x="${left - 8}" y="${y + 13}" text-anchor="end">${flow}, ${target}</text>`
      + `<rect x="${left}" y="${y}" width="${Math.max(1, rate / most * width).toFixed(1)}" height="16" fill="${target === 'service' ? '#2563eb' : '#94a3b8'}"/>`
      + `<text x="${left + rate / most * width + 6}" y="${y + 13}">${rate.toFixed(0)}</text>`;
  });
  const height = 50 + rows.length * line;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 860 ${height}" font-family="system-ui, sans-serif" font-size="12" fill="#334155">`
    + `<rect width="860" height="${height}" fill="#fff"/><text x="16" y="22" font-size="14">Requests a second, median of the rounds; each flow has a scale of its own</text>${bars.join('')}</svg>\n`;
}

/** What was measured, by flow and target, with the spread of any figure. */
function series(results) {
  const keys = [...new Set(results.map(r => `${r.flow}\n${r.target}`))];
  return keys.map(key => {
    const [flow, target] = key.split('\n');
    const own = results.filter(r => r.flow === flow && r.target === target);
    return { flow, target, of: figure => spread(own.map(r => r[figure])) };
  });
}

function rounds(results) {
  return [...new Set(results.map(r => r.round))];
}

/** A table in Markdown. */
export function markdown(head, rows) {
  return [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n');
}
