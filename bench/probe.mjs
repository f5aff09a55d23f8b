import { Failure } from '../scripts/lib/failure.mjs';
import { accountSas, version } from './sas.mjs';

/** The load that reads one row of a table from Azurite itself, without the service: what of a change over time is the storage's own. */
export async function probeAzurite({ connectionString, tables }, rate) {
  const { port, pathname, origin } = new URL(tables);
  const sas = accountSas(connectionString);
  const headers = { 'x-ms-version': version, 'Content-Type': 'application/json', Accept: 'application/json;odata=nometadata' };
  for (const [path, row] of [['/Tables', { TableName: 'probe' }], ['/probe', { PartitionKey: 'p', RowKey: 'r', name: 'Ada' }]]) {
    const answer = await fetch(`${origin}${pathname}${path}?${sas}`, { method: 'POST', headers, body: JSON.stringify(row) });
    if (!answer.ok) {
      throw new Failure(`Azurite refused a row: ${answer.status} ${await answer.text()}`);
    }
  }
  const head = [`GET ${pathname}/probe(PartitionKey='p',RowKey='r')?${sas} HTTP/1.1`, `Host: 127.0.0.1:${port}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)];
  return { port: Number(port), rate, chains: [{}], steps: [{ head: head.join('\n'), status: 200 }] };
}
