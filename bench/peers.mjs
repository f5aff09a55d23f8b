import { Failure } from '../scripts/lib/failure.mjs';
import { freePort } from '../scripts/lib/ports.mjs';
import { generator } from './generator.mjs';
import { accountSas } from './sas.mjs';

const readySeconds = 30;

/** Starts what the service is measured against, each on a port of its own. */
export async function startPeers(children, storage) {
  return {
    floor: await start(children, 'the floor', 'dotnet', port => [generator, 'floor', port]),
    'oidc-provider, memory': await start(children, 'oidc-provider', process.execPath, port => ['bench/peers/oidc-provider.mjs', port]),
    'oidc-provider, Azurite': await start(children, 'oidc-provider', process.execPath,
      port => ['bench/peers/oidc-provider.mjs', port, storage.connectionString, 'peer']),
    'better-auth, memory': await start(children, 'better-auth', process.execPath, port => ['bench/peers/better-auth.mjs', port]),
    Azurite: openAzurite(storage),
  };
}

async function start(children, name, command, argsAt) {
  const port = await freePort();
  const child = children.start(name, command, argsAt(`${port}`), {
    env: { NODE_ENV: 'production' },
    onLine: line => /^ready$|WARNING/.test(line) || console.log(`${name} | ${line}`),
  });
  const deadline = Date.now() + readySeconds * 1000;
  while (!await answers(port)) {
    if (Date.now() > deadline) {
      throw new Failure(`${name} did not answer within ${readySeconds} s.`);
    }
  }
  return { port, pid: child.pid };
}

async function answers(port) {
  return fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(5000) }).then(() => true, () => false);
}

/** The storage emulator itself, and the means to sign its requests. */
function openAzurite({ pid, connectionString, tables }) {
  const { port, pathname } = new URL(tables);
  return { port: Number(port), pid, path: pathname, sas: accountSas(connectionString) };
}
