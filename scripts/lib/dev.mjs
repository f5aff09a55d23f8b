import { setTimeout as delay } from 'node:timers/promises';
import { startAzurite } from './azurite.mjs';
import { Children } from './children.mjs';
import { registerDemoUser } from './demo-user.mjs';
import { Failure, main } from './failure.mjs';
import { serveFrontends } from './frontends.mjs';
import { defaultPort, demoClients, demoUser, frontendPort, localSites } from './local.mjs';
import { tryLock } from './lock.mjs';
import { readOptions, readPort } from './options.mjs';
import { isFree } from './ports.mjs';
import { build, checkFunctionsTools, checkTools, ensureSettings, installPackages, root, serviceDll } from './tools.mjs';

const dataFolder = '.dev/azurite';
const healthyWithinMilliseconds = 60000;
const began = Date.now();

await main('dev', async () => {
  const options = readOptions({
    port: { type: 'string', default: `${defaultPort}` },
    'no-frontends': { type: 'boolean', default: false },
    data: { type: 'string', default: 'disk' },
    host: { type: 'string', default: 'local' },
  }, `Runs the service, its storage and the demo frontends on this machine, until Ctrl-C.

  scripts/dev [--port N] [--no-frontends] [--data memory|disk] [--host local|func]

  --port N              where the service listens, ${defaultPort} unless told otherwise; the issuers move along
  --no-frontends        leaves out the demo frontends, which always take port ${frontendPort}
  --data memory|disk    disk (the default) keeps the data in ${dataFolder}, memory forgets it
  --host local|func     local (the default) is the host in offline/; func the real one of the Azure Functions Core Tools,
                        with the real packages`);
  const port = readPort(options.port);
  if (!['memory', 'disk'].includes(options.data)) {
    throw new Failure(`--data must be memory or disk, but is '${options.data}'.`);
  }
  if (!['local', 'func'].includes(options.host)) {
    throw new Failure(`--host must be local or func, but is '${options.host}'.`);
  }
  process.chdir(root);

  const children = new Children();
  const stopped = new Promise(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.on(signal, () => resolve());
    }
    // Nobody reads on, as after `scripts/dev | head`.
    process.stdout.on('error', () => resolve());
  });
  const cleanUp = [];
  try {
    const ran = run(port, !options['no-frontends'], options.data === 'disk', options.host, children, cleanUp);
    const death = await Promise.race([stopped, children.death, ran.then(() => children.death)]);
    if (death) {
      throw new Failure(`${death}; the rest was stopped.`);
    }
    console.log('\nStopping …');
    return 0;
  } finally {
    for (const step of cleanUp.reverse()) {
      await step();
    }
  }
});

/** Starts everything in order; whatever has to be undone is put on `cleanUp` as soon as it is there. */
async function run(port, withFrontends, onDisk, host, children, cleanUp) {
  const sites = localSites(port);
  if (!await isFree(port)) {
    throw new Failure(`port ${port} is in use; choose another with --port N.`);
  }
  if (withFrontends) {
    const closeFrontends = await serveFrontends(sites);
    if (!closeFrontends) {
      throw new Failure(`port ${frontendPort} of the demo frontends is in use; leave them out with --no-frontends.`);
    }
    cleanUp.push(closeFrontends);
  }
  if (onDisk) {
    const release = await tryLock('.dev/azurite.lock');
    if (!release) {
      throw new Failure(`another scripts/dev keeps its data in ${dataFolder}; start this one with --data memory.`);
    }
    cleanUp.push(release);
  }
  cleanUp.push(() => children.stop());

  await checkTools(children);
  if (host === 'func') {
    await checkFunctionsTools(children);
  }
  await installPackages(children);
  ensureSettings();
  console.log('Building …');
  await build(children, 'functions/AuthFunctions.csproj', {
    projects: ['functions', 'offline/Functions', 'offline/Azure'],
    offline: host === 'func' ? 'none' : 'all',
  });
  const storage = await startAzurite(children, onDisk ? dataFolder : null);
  await startService(children, port, host, sites, storage);
  await registerDemoUser(sites[0].auth, storage.connectionString);
  announce(port, sites, storage, withFrontends, onDisk);
}

async function startService(children, port, host, sites, storage) {
  const args = host === 'func'
    ? ['run', '--project', 'functions', '-c', 'Release', '--no-build', '-p:Offline=none', '--', '--port', `${port}`]
    : [serviceDll, '--port', `${port}`];
  children.start('the service', 'dotnet', args, {
    env: {
      AZURE_FUNCTIONS_ENVIRONMENT: 'Development',
      Storage__ConnectionString: storage.connectionString,
      AzureWebJobsStorage: storage.connectionString,
      ...Object.fromEntries(sites.map(({ name, auth }) => [`Sites__${name}__Issuer`, auth])),
    },
    onLine: line => console.log(`service | ${line}`),
  });
  const deadline = Date.now() + healthyWithinMilliseconds;
  while (!await isHealthy(port)) {
    if (Date.now() > deadline) {
      throw new Failure(`the service did not answer GET /health within ${healthyWithinMilliseconds / 1000} s.`);
    }
    await delay(100);
  }
}

async function isHealthy(port) {
  try {
    return (await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(5000) })).ok;
  } catch {
    // Not listening yet.
    return false;
  }
}

function announce(port, sites, storage, withFrontends, onDisk) {
  const demo = port === defaultPort ? 'scripts/demo' : `scripts/demo --port ${port}`;
  console.log(`
AuthFunctions is ready (${((Date.now() - began) / 1000).toFixed(1)} s).

${sites.map(({ name, auth, app }) => `  ${name.padEnd(10)}${auth}${withFrontends ? `   open ${app}` : ''}`).join('\n')}
  user      ${demoUser.email} / ${demoUser.password}
${demoClients.map((line, index) => `  ${index ? '       ' : 'clients'}   ${line}`).join('\n')}
  tables    ${storage.tables} (${onDisk ? `kept in ${dataFolder}` : 'in memory, gone afterwards'})
  mails     ${sites[0].auth}/dev/outbox
  try       ${demo}

Ctrl-C stops it.
`);
}
