import { randomBytes } from 'node:crypto';
import { batchType, keysOf, Tables, writable } from './tables.mjs';
import { hashOf } from './population.mjs';

/** Rows of the transaction that is measured: a flow's has more or fewer, and is reckoned by them. */
export const rowsInTransaction = 4;

/**
 * What the service asks of its tables, asked of Azurite alone, about the same rows: a point read of a session and of the index of addresses
 * (in whose table all rows have one key, and Azurite looks through them), the range of a person's sessions, a conditional write, and a transaction of two rows replaced and two added.
 */
export async function azuriteSteps({ storage }, { email }) {
  const tables = new Tables(storage.connectionString);
  const { rows: [claim] } = await tables.find('UserEmails', `PartitionKey eq '${hashOf(email)}'`);
  const user = claim.UserId;
  const rows = (await tables.find('Users', `PartitionKey eq '${user}'`)).rows.map(writable);
  const session = rows.find(row => row.RowKey.startsWith('session_'));
  const event = rows.find(row => row.RowKey.startsWith('event_'));

  // Written to in a partition of its own, so that what is ranged over stays as it is.
  const own = randomBytes(16).toString('base64url');
  const [userRow, sessionRow] = [rows.find(row => row.RowKey === 'user'), session].map(row => ({ ...row, PartitionKey: own }));
  await tables.insert('Users', [userRow, sessionRow]);

  const at = { port: tables.port, processId: storage.pid };
  const head = (method, target, query, ...more) => [
    `${method} ${tables.path}${target}${query && `?${query}`} HTTP/1.1`, 'Host: 127.0.0.1',
    ...Object.entries(tables.authorize(target)).map(([name, value]) => `${name}: ${value}`), ...more,
  ].join('\n');
  const accept = 'Accept: application/json;odata=minimalmetadata';
  const range = new URLSearchParams({ $filter: `PartitionKey eq '${user}' and RowKey ge 'session_' and RowKey lt 'session\`'` });
  const added = { ...event, PartitionKey: own, RowKey: 'event_${id}' };
  return {
    read: { ...at, chain: {}, steps: [{ head: head('GET', `/Users${keysOf(session)}`, '', accept), status: 200 }] },
    claim: { ...at, chain: {}, steps: [{ head: head('GET', `/UserEmails${keysOf(claim)}`, '', accept), status: 200 }] },
    range: { ...at, chain: {}, steps: [{ head: head('GET', '/Users()', range, accept), status: 200 }] },
    write: {
      ...at, chain: {},
      steps: [{
        head: head('PUT', `/Users${keysOf(sessionRow)}`, '', 'If-Match: *', 'Content-Type: application/json', accept), body: JSON.stringify(sessionRow), status: 204,
      }],
    },
    transaction: {
      ...at, chain: { id: 'first' },
      steps: [{
        head: head('POST', '/$batch', '', `Content-Type: ${batchType}`),
        body: tables.batch('Users', [['PUT', userRow], ['PUT', sessionRow], ['POST', added], ['POST', { ...added, RowKey: 'event_${id}-2' }]]),
        status: 202,
        extract: { id: '(?i)x-ms-request-id: (\\S+)' },
      }],
    },
  };
}
