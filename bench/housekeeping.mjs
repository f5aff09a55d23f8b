import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '../scripts/lib/failure.mjs';
import { batchType, Tables } from './tables.mjs';

/** Rows of a person that nothing here asks for again: the audit trail, and what would tell a second redemption. */
const kinds = ['code_', 'event_', 'handoff_'];

const [everyMilliseconds, untouchedMilliseconds] = [5000, 20000];

/**
 * Deletes what the past leaves until the returned function is called, which says how many rows it was. The service keeps them for an hour to a year
 * and then purges them, so that a deployment holds about as many today as yesterday; an emulator that only ever gains rows grows slower by itself.
 */
export function keepHouse({ connectionString }) {
  const tables = new Tables(connectionString);
  const stopping = new AbortController();
  let deleted = 0;
  const work = (async () => {
    while (await isDue(stopping.signal)) {
      deleted += await clear(tables);
    }
  })();
  work.catch(() => {}); // It is told when it is stopped.
  return async () => {
    stopping.abort();
    await work;
    return deleted;
  };
}

async function isDue(signal) {
  try {
    await delay(everyMilliseconds, undefined, { signal });
    return true;
  } catch (error) {
    if (error.name !== 'AbortError') {
      throw error;
    }
    return false;
  }
}

async function clear(tables) {
  const until = new Date(Date.now() - untouchedMilliseconds).toISOString();
  let deleted = 0;
  for (const kind of kinds) {
    // '`' is what follows '_' in the order of rows.
    const filter = `RowKey ge '${kind}' and RowKey lt '${kind.replace('_', '`')}' and Timestamp lt datetime'${until}'`;
    const { rows } = await tables.find('Users', filter);
    for (let first = 0; first < rows.length; first += 100) {
      const some = rows.slice(first, first + 100);
      const { status, text } = await tables.send('POST', '/$batch', { 'Content-Type': batchType }, tables.batch('Users', some.map(row => ['DELETE', row])));
      if (status !== 202 || /HTTP\/1\.1 [45]/.test(text)) {
        throw new Failure(`Azurite did not delete ${some.length} rows: ${status} ${text.slice(0, 500)}`);
      }
      deleted += some.length;
    }
  }
  return deleted;
}
