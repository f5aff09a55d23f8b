import { registerDemoUser } from './demo-user.mjs';
import { Failure, main } from './failure.mjs';
import { defaultPort, demoUser, localSites } from './local.mjs';
import { readOptions } from './options.mjs';
import { configuredStorage } from './storage.mjs';
import { root } from './tools.mjs';

const [{ auth }] = localSites(defaultPort);

await main('seed', async () => {
  const { url } = readOptions({ url: { type: 'string', default: auth } }, `Registers the demo user at a service on this machine.

  scripts/seed [--url URL]

  --url URL   an auth host, ${auth} unless told otherwise`);
  if (!URL.canParse(url)) {
    throw new Failure(`--url must be a URL, but is '${url}'.`);
  }
  process.chdir(root);
  const outcome = await registerDemoUser(new URL(url).origin, configuredStorage());
  console.log(`${demoUser.email} ${outcome}.`);
  return 0;
});
