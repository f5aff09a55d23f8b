import { setTimeout as delay } from 'node:timers/promises';
import { startAzurite } from './azurite.mjs';
import { Children } from './children.mjs';
import { buildClient } from './client.mjs';
import { registerDemoUser } from './demo-user.mjs';
import { Failure, main } from './failure.mjs';
import { serveFrontends } from './frontends.mjs';
import { defaultFrontendPort, defaultPort, demoClients, demoUser, localSites } from './local.mjs';
import { tryLock } from './lock.mjs';
import { readOptions, readPort } from './options.mjs';
import { isFree } from './ports.mjs';
import { ensureSettings, settingsForFrontends } from './settings.mjs';
import { build, checkFunctionsTools, checkTools, installPackages, root, serviceDll } from './tools.mjs';
import { startVault, vaultProject } from './vault.mjs';

const dataFolder = '.dev/azurite';
const healthyWithinMilliseconds = 60000;
const began = Date.now();

await main('dev', async () => {
  const options = readOptions({
    port: { type: 'string', default: `${defaultPort}` },
    'frontend-port': { type: 'string', default: `${defaultFrontendPort}` },
    'no-frontends': { type: 'boolean', default: false },
    data: { type: 'string' },
    keys: { type: 'string', default: 'development' },
    host: { type: 'string', default: 'local' },
    telemetry: { type: 'boolean', default: false },
    'cookie-mode': { type: 'string', default: 'hybrid' },
  }, `Runs the service, its storage and the demo frontends on this machine, until Ctrl-C.

  scripts/dev [--port N] [--frontend-port N] [--no-frontends] [--data memory|disk] [--keys development|vault|wrapped]
              [--telemetry] [--cookie-mode hybrid|stateless|stateful] [--host local|func]

  --port N              where the service listens, ${defaultPort} unless told otherwise; the issuers move along
  --frontend-port N     where the demo frontends listen, ${defaultFrontendPort} unless told otherwise; the sites' allow-lists move along
  --no-frontends        leaves out the demo frontends
  --data memory|disk    disk (the default) keeps the data in ${dataFolder}, memory forgets it
  --keys development|vault|wrapped
                        where the signing keys are: development (the default) keeps them in the table in the clear; vault
                        signs with a fake Key Vault, which is started too; wrapped has it wrap the keys. A fake vault
                        forgets its keys when it ends, so these two keep data in memory
  --telemetry           prints the service's metrics and traces
  --cookie-mode hybrid|stateless|stateful
                        how both sites' frontends hold their session (docs/browser-apps.md); hybrid unless told otherwise
  --host local|func     local (the default) is the host in offline/; func the real one of the Azure Functions Core Tools,
                        with the real packages`);
  const port = readPort(options.port);
  const frontendPort = readPort(options['frontend-port'], '--frontend-port');
  const data = options.data ?? (options.keys === 'development' ? 'disk' : 'memory');
  expectOneOf('--data', data, ['memory', 'disk']);
  expectOneOf('--keys', options.keys, ['development', 'vault', 'wrapped']);
  expectOneOf('--cookie-mode', options['cookie-mode'], ['hybrid', 'stateless', 'stateful']);
  expectOneOf('--host', options.host, ['local', 'func']);
  if (options.keys !== 'development' && data === 'disk') {
    throw new Failure(`--keys ${options.keys} needs --data memory: what a fake vault sealed cannot be opened after it ended.`);
  }
  const settings = {
    port,
    frontendPort,
    withFrontends: !options['no-frontends'],
    onDisk: data === 'disk',
    keys: options.keys,
    host: options.host,
    telemetry: options.telemetry,
    cookieMode: options['cookie-mode'],
  };
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
    const ran = run(settings, children, cleanUp);
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

function expectOneOf(option, value, allowed) {
  if (!allowed.includes(value)) {
    throw new Failure(`${option} must be ${allowed.slice(0, -1).join(', ')} or ${allowed.at(-1)}, but is '${value}'.`);
  }
}

/** Starts everything in order; whatever has to be undone is put on `cleanUp` as soon as it is there. */
async function run({ port, frontendPort, withFrontends, onDisk, keys, host, telemetry, cookieMode }, children, cleanUp) {
  const sites = localSites(port, frontendPort);
  if (!await isFree(port)) {
    throw new Failure(`port ${port} is in use; choose another with --port N.`);
  }
  if (withFrontends) {
    const closeFrontends = await serveFrontends(sites, cookieMode);
    if (!closeFrontends) {
      throw new Failure(`port ${frontendPort} of the demo frontends is in use; choose another with --frontend-port N, or leave them out with --no-frontends.`);
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
  if (withFrontends) {
    await buildClient(children);
  }
  await build(children, 'functions/AuthFunctions.csproj', {
    projects: ['functions', 'offline/Functions', 'offline/Azure'],
    offline: host === 'func' ? 'none' : 'all',
  });
  if (keys !== 'development') {
    await build(children, vaultProject, { projects: ['tests/AuthFunctions.FakeVault'] });
  }
  const storage = await startAzurite(children, onDisk ? dataFolder : null);
  const vault = keys === 'development' ? {} : await startVault(children, keys);
  // The log's summary of every minute is for Azure; here it would only be noise.
  const environment = {
    ...vault,
    ...settingsForFrontends(frontendPort),
    Telemetry__Print: `${telemetry}`,
    Telemetry__LogEvery: '00:00:00',
    ...Object.fromEntries(sites.map(({ name }) => [`Sites__${name}__CookieMode`, cookieMode])),
  };
  await startService(children, port, host, sites, storage, environment);
  await registerDemoUser(sites[0].auth, storage.connectionString);
  announce(port, sites, storage, withFrontends, onDisk);
}

async function startService(children, port, host, sites, storage, environment) {
  const args = host === 'func'
    ? ['run', '--project', 'functions', '-c', 'Release', '--no-build', '-p:Offline=none', '--', '--port', `${port}`]
    : [serviceDll, '--port', `${port}`];
  children.start('the service', 'dotnet', args, {
    env: {
      AZURE_FUNCTIONS_ENVIRONMENT: 'Development',
      Storage__ConnectionString: storage.connectionString,
      AzureWebJobsStorage: storage.connectionString,
      ...environment,
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
