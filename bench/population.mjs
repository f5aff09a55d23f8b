import { createHash, randomBytes } from 'node:crypto';
import { signUp } from './flows.mjs';
import { Tables, writable } from './tables.mjs';

const atOnce = 8;
const rowsInBatch = 96;

/** Makes so many people besides: one by the API, the others as copies of that one's rows under other ids. */
export async function populate(target, storage, people) {
  const tables = new Tables(storage.connectionString);
  const { email } = await signUp(target);
  const hash = hashOf(email);
  const { rows: [owner] } = await tables.find('UserEmails', `PartitionKey eq '${hash}'`);
  const { rows } = await tables.find('Users', `PartitionKey eq '${owner.UserId}'`);
  const model = rows.map(writable);
  const claim = writable(owner);
  await inBatches(people - 1, index => {
    const [id, address] = [randomBytes(16).toString('base64url'), `grown-${index}@people.test`];
    return {
      Users: model.map(row => ({ ...row, PartitionKey: id, ...row.RowKey === 'user' && { Email: address, EmailHash: hashOf(address) } })),
      UserEmails: [{ ...claim, PartitionKey: hashOf(address), UserId: id }],
    };
  }, tables);
  return model.length + 1;
}

/** Makes so many rows that have expired: copies of a session and an event, two for each of half as many people. */
export async function populateExpired(storage, model, count) {
  const past = new Date(Date.now() - 86_400_000).toISOString();
  await inBatches(count / 2, () => {
    const id = randomBytes(16).toString('base64url');
    return { Users: model.map(row => ({ ...row, PartitionKey: id, ExpiresAt: past })) };
  }, new Tables(storage.connectionString));
}

/** A session and an event, as the service has just written them. */
export async function expiringModel(target, storage) {
  const { email } = await signUp(target);
  const tables = new Tables(storage.connectionString);
  const { rows: [{ UserId }] } = await tables.find('UserEmails', `PartitionKey eq '${hashOf(email)}'`);
  const { rows } = await tables.find('Users', `PartitionKey eq '${UserId}'`);
  return ['event_', 'session_'].map(kind => writable(rows.find(row => row.RowKey.startsWith(kind))));
}

async function inBatches(count, make, tables) {
  const waiting = { Users: [], UserEmails: [] };
  let next = 0;
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (let index = next++; index < count; index = next++) {
      for (const [table, rows] of Object.entries(make(index))) {
        waiting[table].push(...rows);
        if (waiting[table].length >= rowsInBatch) {
          await tables.insert(table, waiting[table].splice(0, rowsInBatch));
        }
      }
    }
  }));
  for (const [table, rows] of Object.entries(waiting)) {
    while (rows.length > 0) {
      await tables.insert(table, rows.splice(0, rowsInBatch));
    }
  }
}

/** The address's hash, as the service makes it: trimmed and in lower case, which these are. */
export function hashOf(email) {
  return createHash('sha256').update(email).digest('base64url');
}
