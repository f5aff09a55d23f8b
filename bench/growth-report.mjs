import { markdown } from './report.mjs';
import { rowsInTransaction } from './raw.mjs';
import { spread } from './statistics.mjs';

const goal = 1.2;

/** For each flow and size the least of the rounds, since noise only adds; what is left without Azurite, the ratios to the smallest size, and whether they are flat. */
export function judgeGrowth(columns, flows, trips, results) {
  const azurite = (column, kind) => spread(results.filter(r => r.column === column.name && r.azurite === kind).map(r => r.p50Milliseconds)).least ?? 0;
  const azuriteOf = (flow, column) => {
    const trip = trips.find(t => t.flow === flow.name && t.sessions === column.sessions);
    return trip.reads * azurite(column, 'read') + trip.claims * azurite(column, 'claim') + trip.ranges * azurite(column, 'range') + trip.writes * azurite(column, 'write')
      + trip.rowsInTransactions / rowsInTransaction * azurite(column, 'transaction');
  };
  return flows.flatMap(flow => {
    const sizes = columns.map(column => {
      const own = results.filter(r => r.flow === flow.name && r.column === column.name);
      const [milliseconds, azuriteMilliseconds] = [spread(own.map(r => r.p50Milliseconds)).least, azuriteOf(flow, column)];
      return {
        flow: flow.name, column: column.name, isList: flow.isList ?? false, cpuMicroseconds: spread(own.map(r => r.cpuMicroseconds)).least,
        milliseconds, azuriteMilliseconds, ownMilliseconds: milliseconds - azuriteMilliseconds,
      };
    });
    return sizes.map((size, index) => {
      const ratios = { cpuRatio: size.cpuMicroseconds / sizes[0].cpuMicroseconds, timeRatio: size.ownMilliseconds / sizes[0].ownMilliseconds };
      return { ...size, ...ratios, isFlat: index === 0 ? undefined : ratios.cpuRatio <= goal };
    });
  });
}

/** What is printed, in Markdown. */
export function growthTable(columns, verdicts, trips, fullSignIn, purge) {
  const flows = [...new Set(verdicts.map(v => v.flow))];
  const of = (flow, column) => verdicts.find(v => v.flow === flow && v.column === column.name);
  const parts = [];
  if (flows.length > 0) {
    const others = columns.slice(1);
    parts.push(`CPU of the service a round, in µs, and its ratio to that of one person with one session (goal: at most ${goal}):`);
    parts.push(markdown(['flow', columns[0].name, ...others.map(c => c.name), ''], flows.map(flow => [
      flow, of(flow, columns[0]).cpuMicroseconds.toFixed(0), ...others.map(c => `${of(flow, c).cpuMicroseconds.toFixed(0)} (${of(flow, c).cpuRatio.toFixed(2)})`),
      verdict(verdicts.filter(v => v.flow === flow)),
    ])));
    if (fullSignIn) {
      parts.push(`Sign-ins are measured with 1,000 rounds of the password hash; with those of production one takes ${(fullSignIn.cpuMicroseconds / 1000).toFixed(0)} ms of CPU.`);
    }
    parts.push('Median time of a round, in ms, less what Azurite by itself takes for the same operations at the same size:');
    parts.push(markdown(['flow', ...columns.map(c => c.name)], flows.map(flow => [
      flow, ...columns.map(c => of(flow, c)).map(v => `${v.milliseconds.toFixed(2)} − ${v.azuriteMilliseconds.toFixed(2)} = ${v.ownMilliseconds.toFixed(2)}`),
    ])));
    parts.push('Round trips to the tables and bytes of their bodies, by sessions of the person:');
    parts.push(markdown(['flow', 'sessions', 'reads', 'of UserEmails', 'ranges', 'writes', 'transactions', 'rows in them', 'sent', 'received'], trips.map(t => [
      t.flow, t.sessions, t.reads, t.claims, t.ranges, t.writes, t.transactions, t.rowsInTransactions, t.bytesSent.toFixed(0), t.bytesReceived.toFixed(0),
    ])));
  }
  if (purge.length > 0) {
    parts.push('The purge:');
    parts.push(markdown(['expired rows', 'ms', 'of it Azurite’s scan', 'ms a row without it', 'queries', 'transactions', 'operations a row'], purge.map(p => [
      p.rows, p.milliseconds.toFixed(0), p.scanMilliseconds.toFixed(0), ((p.milliseconds - p.scanMilliseconds) / p.rows).toFixed(3), p.queries, p.transactions,
      ((p.queries + p.transactions) / p.rows).toFixed(2),
    ])));
  }
  return parts.join('\n\n');
}

function verdict(sizes) {
  const missed = sizes.filter(s => s.isFlat === false).map(s => s.column);
  return missed.length === 0 ? 'met' : `**missed** at ${missed.join(', ')}`;
}
