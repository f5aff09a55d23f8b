import { randomUUID } from 'node:crypto';
import { main } from './failure.mjs';
import { Client } from './http.mjs';
import { defaultPort, localSites } from './local.mjs';
import { readOptions, readPort } from './options.mjs';
import { Steps } from './steps.mjs';
import { BrowserWalk } from './walk-browser.mjs';
import { MachineWalk } from './walk-machine.mjs';
import { NativeWalk } from './walk-native.mjs';

await main('demo', async () => {
  const options = readOptions({ port: { type: 'string', default: `${defaultPort}` } },
    `Walks through the life of a session, request by request, against a service started with scripts/dev.

  scripts/demo [--port N]

  --port N   where the service listens, ${defaultPort} unless told otherwise`);
  const sites = localSites(readPort(options.port));

  // Without a service there is nothing to walk through: this throws.
  await new Client().send('GET', `${sites[0].auth}/health`);

  const account = {
    email: `walker-${randomUUID().slice(0, 8)}@contoso.test`,
    password: `a long walk ${randomUUID()}`,
    name: 'Walker',
  };
  const browser = new BrowserWalk(sites, account);
  const native = new NativeWalk(sites, account);
  const steps = new Steps();
  await browser.begin(steps);
  await browser.crossOver(steps);
  await new MachineWalk(sites).run(steps);
  await native.begin(steps);
  await browser.end(steps);
  await native.end(steps);
  return steps.close() ? 0 : 1;
});
