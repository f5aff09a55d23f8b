import { startAzurite } from '../scripts/lib/azurite.mjs';
import { Failure } from '../scripts/lib/failure.mjs';
import { expiringModel, populateExpired } from './population.mjs';
import { startProxy } from './proxy.mjs';
import { startService } from './service.mjs';
import { Tables } from './tables.mjs';

const sizes = [1000, 10000];

/** What the nightly purge takes for each row that has expired: two rows of each person, as nights find them. */
export async function measurePurge(children) {
  const measured = [];
  for (const rows of sizes) {
    const storage = await startAzurite(children, null);
    const proxy = await startProxy(storage.connectionString);
    const target = await startService(children, storage);
    const model = await expiringModel(target, storage);

    // Azurite's own scan, which grows with its table and is no part of the service's cost.
    await populateExpired(storage, model, rows);
    const tables = new Tables(storage.connectionString);
    const scanning = performance.now();
    const { rows: { length: found }, pages } = await tables.find('Users', `ExpiresAt lt datetime'${new Date().toISOString()}'`);
    const scanMilliseconds = performance.now() - scanning;
    if (found !== rows) {
      throw new Failure(`${rows} rows were to be purged, but ${found} are there.`);
    }
    const milliseconds = await purge(target.port);

    // The same again through the proxy, which counts and takes time of its own.
    const counted = await startService(children, { connectionString: proxy.connectionString });
    await populateExpired(storage, model, rows);
    proxy.take();
    await purge(counted.port);
    const seen = proxy.take();
    proxy.stop();
    measured.push({
      rows, milliseconds, scanMilliseconds, pages,
      queries: seen.filter(s => s.kind === 'range').length, transactions: seen.filter(s => ['transaction', 'write'].includes(s.kind)).length,
    });
    const { rows: left } = await tables.find('Users', `ExpiresAt lt datetime'${new Date().toISOString()}'`);
    if (left.length > 0) {
      throw new Failure(`the purge left ${left.length} of ${rows} rows.`);
    }
  }
  return measured;
}

async function purge(port) {
  const began = performance.now();
  const answer = await fetch(`http://127.0.0.1:${port}/admin/functions/Purge`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' });
  if (answer.status !== 202) {
    throw new Failure(`the purge answered ${answer.status}.`);
  }
  return performance.now() - began;
}
