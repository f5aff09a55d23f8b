import { mkdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from './failure.mjs';

const program = 'node_modules/azurite/dist/src/azurite.js';
const readyWithinMilliseconds = 30000;

// The account that every Azurite has; its key is published with it and opens nothing else.
const account = 'devstoreaccount1';
const accountKey = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

/**
 * Starts Azurite on ports of its own choice and waits until it answers; with a folder, its data outlives it.
 * Returns its process, and the connection string of its tables and queues.
 */
export async function startAzurite(children, folder) {
  if (folder) {
    await mkdir(folder, { recursive: true });
  }
  // One process for everything takes less memory than one for tables and one for queues. Idle connections are
  // kept for a minute: at the default of 5 s the service's pool is left with broken ones.
  const args = [
    ...['blob', 'queue', 'table'].flatMap(kind => [`--${kind}Port`, '0', `--${kind}KeepAliveTimeout`, '60']),
    '--silent', '--disableTelemetry',
    ...(folder ? ['--location', folder] : ['--inMemoryPersistence']),
  ];
  const endpoints = {};
  let allListen;
  const listening = new Promise(resolve => allListen = () => resolve(true));
  const child = children.start('Azurite', process.execPath, [program, ...args], {
    // On SIGTERM it loses what it has not yet written to disk.
    stopWith: 'SIGINT',
    onLine(line) {
      const [, kind, address] = /^Azurite (\w+) service is successfully listening at (http:\S+)/.exec(line) ?? [];
      if (kind) {
        endpoints[kind] = `${address}/${account}`;
      } else if (!/^Azurite \w+ service /.test(line)) {
        console.log(`azurite | ${line}`);
      }
      if (endpoints.Table && endpoints.Queue) {
        allListen();
      }
    },
  });
  if (!await Promise.race([listening, delay(readyWithinMilliseconds, false)])) {
    throw new Failure(`Azurite was not ready within ${readyWithinMilliseconds / 1000} s.`);
  }
  return {
    pid: child.pid,
    tables: endpoints.Table,
    connectionString: `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${accountKey};`
      + `TableEndpoint=${endpoints.Table};QueueEndpoint=${endpoints.Queue}`,
  };
}
