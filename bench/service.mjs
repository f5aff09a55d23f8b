import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '../scripts/lib/failure.mjs';
import { Client } from '../scripts/lib/http.mjs';
import { localSites } from '../scripts/lib/local.mjs';
import { freePort } from '../scripts/lib/ports.mjs';
import { generator } from './generator.mjs';

/** Where the service is published to. */
export const appFolder = '.dev/bench/app';

const startSeconds = 60;

/** Starts the service on a port of its own, with these settings besides; what a target is: its port, process and sites. */
export async function startService(children, storage, settings = {}) {
  const { child, port, sites } = await spawnService(children, storage, settings);
  await untilAnswered(port, '/health');
  return { port, pid: child.pid, contoso: sites[0], fabrikam: sites[1] };
}

/** Starts Kestrel with nothing behind it (bench/AuthFunctions.Bench/Floor.cs). */
export async function startFloor(children) {
  const port = await freePort();
  const child = children.start('the floor', 'dotnet', [generator, 'floor', `${port}`], { onLine: () => {} });
  await untilAnswered(port, '/');
  return { port, pid: child.pid, child };
}

/** How long the service takes from its start to its first signed token, and an empty Kestrel endpoint to its first answer. */
export async function measureStarts(children, storage, rounds) {
  // The key is made once in the life of a deployment, not at each start.
  const first = await spawnService(children, storage);
  await firstToken(first);
  await end(first.child);

  const starts = [];
  for (let round = 1; round <= rounds; round++) {
    let began = performance.now();
    const floor = await startFloor(children);
    const floorMilliseconds = performance.now() - began;
    await end(floor.child);

    began = performance.now();
    const service = await spawnService(children, storage);
    await firstToken(service);
    starts.push({ round, floorMilliseconds, serviceMilliseconds: performance.now() - began });
    await end(service.child);
  }
  return starts;
}

async function spawnService(children, storage, settings = {}) {
  const port = await freePort();
  const sites = localSites(port);
  const child = children.start('the service', 'dotnet', [`${appFolder}/AuthFunctions.dll`, '--port', `${port}`], {
    env: {
      AZURE_FUNCTIONS_ENVIRONMENT: 'Development',
      Storage__ConnectionString: storage.connectionString,
      AzureWebJobsStorage: storage.connectionString,
      Telemetry__LogEvery: '00:00:00',
      // As infra/ sets it.
      DOTNET_GCgen0size: '0x400000',
      // As deployed: a refused request is a line, a request is none.
      Logging__LogLevel__Default: 'Warning',
      // Else the next refresh of a chain would be answered from the last one, without a rotation.
      Sessions__RefreshLeeway: '00:00:00',
      Tokens__AccessTokenLifetime: '01:00:00',
      ...Object.fromEntries(sites.map(({ name, auth }) => [`Sites__${name}__Issuer`, auth])),
      ...settings,
    },
    onLine: () => {},
  });
  return { child, port, sites };
}

async function firstToken({ port, sites }) {
  await untilAnswered(port, '/health');
  const answer = await new Client().send('POST', `${sites[0].auth}/token`, {
    headers: { Authorization: basic('demo-machine', 'demo-machine-secret') },
    form: { grant_type: 'client_credentials' },
  });
  if (answer.status !== 200) {
    throw new Failure(`the service gave no token: ${answer.status} ${answer.text}`);
  }
}

async function untilAnswered(port, path) {
  const deadline = Date.now() + startSeconds * 1000;
  while (Date.now() < deadline) {
    try {
      await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(5000) });
      return;
    } catch {
      // Not listening yet.
      await delay(5);
    }
  }
  throw new Failure(`nothing answers on port ${port}.`);
}

async function end(child) {
  child.kill('SIGKILL');
  await child.ended;
}

export function basic(id, secret) {
  return `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
}
