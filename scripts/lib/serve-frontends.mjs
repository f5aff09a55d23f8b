// Serves the demo frontends alone, for a service that somebody else started, as the tests in a browser do. Ends with its standard input.
import { Children } from './children.mjs';
import { buildClient } from './client.mjs';
import { Failure, main } from './failure.mjs';
import { serveFrontends } from './frontends.mjs';
import { localSites } from './local.mjs';
import { readOptions, readPort } from './options.mjs';
import { root } from './tools.mjs';

await main('lib/serve-frontends.mjs', async () => {
  const options = readOptions({ port: { type: 'string' }, 'frontend-port': { type: 'string' } },
    'node scripts/lib/serve-frontends.mjs --port N --frontend-port N');
  const [port, frontendPort] = [readPort(options.port), readPort(options['frontend-port'], '--frontend-port')];
  process.chdir(root);
  const children = new Children();
  await buildClient(children);
  if (!await serveFrontends(localSites(port, frontendPort), 'mixed')) {
    throw new Failure(`port ${frontendPort} is in use.`);
  }
  console.log('ready');
  process.stdin.resume();
  await new Promise(resolve => process.stdin.on('close', resolve));
  await children.stop();
  return 0;
});
