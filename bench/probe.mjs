import { createHmac } from 'node:crypto';
import { Failure } from '../scripts/lib/failure.mjs';

const version = '2019-02-02';

/** The load that reads one row of a table from Azurite itself, without the service: what of a change over time is the storage's own. */
export async function probeAzurite({ connectionString, tables }, rate) {
  const { port, pathname, origin } = new URL(tables);
  const sas = sign(connectionString);
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

/** What opens an account's tables for a day: a shared access signature. */
function sign(connectionString) {
  const [, account] = /AccountName=([^;]+)/.exec(connectionString);
  const [, key] = /AccountKey=([^;]+)/.exec(connectionString);
  const granted = { sp: 'rwac', ss: 't', srt: 'sco', st: '', se: `${new Date(Date.now() + 86400000).toISOString().slice(0, 19)}Z`, sip: '', spr: 'https,http', sv: version };
  const signature = createHmac('sha256', Buffer.from(key, 'base64')).update([account, ...Object.values(granted), ''].join('\n')).digest('base64');
  return new URLSearchParams({ ...Object.fromEntries(Object.entries(granted).filter(([, value]) => value)), sig: signature }).toString();
}
