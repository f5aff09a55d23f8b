import { parseArgs } from 'node:util';
import { Failure, main } from './failure.mjs';
import { Client } from './http.mjs';
import { defaultPort, localSites } from './local.mjs';

const [{ auth }] = localSites(defaultPort);

const usage = `Lists, rotates and retires signing keys.

  scripts/keys list
  scripts/keys rotate        makes a new key to stand by; the one that stood by takes over
  scripts/keys retire KID    takes a key out of use at once: for a key that leaked

  --url URL   an auth host of the deployment, ${auth} unless told otherwise

Acts as an operator: a client with scope auth.manage, named by OPERATOR_CLIENT_ID and OPERATOR_CLIENT_SECRET. Without
them the local service's demo-operator is taken, which no deployment accepts.`;

await main('keys', async () => {
  const { url, verb, kid } = readArguments();
  const client = new Client();
  const call = async (method, path, status) => {
    // A token for each: what a retired key signed, this one too, is refused at once.
    const headers = { Authorization: `Bearer ${await operatorToken(client, url)}` };
    return expect(await client.send(method, `${url}/manage/keys${path}`, { headers }), status);
  };
  if (verb === 'rotate') {
    await call('POST', '/rotate', 204);
  } else if (verb === 'retire') {
    await call('POST', `/${encodeURIComponent(kid)}/retire`, 204);
  }
  show(await call('GET', '', 200));
  return 0;
});

function readArguments() {
  let parsed;
  try {
    parsed = parseArgs({ options: { url: { type: 'string', default: auth }, help: { type: 'boolean', short: 'h' } }, allowPositionals: true });
  } catch (error) {
    throw new Failure(`${error.message.split('\n')[0]}\n\n${usage}`);
  }
  const { values: { url, help }, positionals: [verb, kid, ...rest] } = parsed;
  if (help) {
    console.log(usage);
    process.exit(0);
  }
  if (!['list', 'rotate', 'retire'].includes(verb) || (verb === 'retire') !== (kid !== undefined) || rest.length > 0) {
    throw new Failure(usage);
  }
  if (!URL.canParse(url)) {
    throw new Failure(`--url must be a URL, but is '${url}'.`);
  }
  return { url: new URL(url).origin, verb, kid };
}

async function operatorToken(client, url) {
  const id = process.env.OPERATOR_CLIENT_ID ?? 'demo-operator';
  const secret = process.env.OPERATOR_CLIENT_SECRET ?? 'demo-operator-secret';
  const basic = Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64');
  const answer = await client.send('POST', `${url}/token`, {
    form: { grant_type: 'client_credentials', scope: 'auth.manage' },
    headers: { Authorization: `Basic ${basic}` },
  });
  return expect(answer, 200).access_token;
}

function expect(answer, status) {
  if (answer.status !== status) {
    throw new Failure(`the service answered ${answer.status}: ${answer.body?.detail ?? answer.body?.error_description ?? answer.text}`);
  }
  return answer.body;
}

function show({ keys, events }) {
  for (const { kid, state, created_at } of keys) {
    console.log(`${kid}  ${state.padEnd(9)}  made ${created_at.slice(0, 19)}Z`);
  }
  for (const { at, kind, kid, client_id } of events) {
    console.log(`  ${at.slice(0, 19)}Z  ${kind}${kid ? ` ${kid}` : ''} by ${client_id}`);
  }
}
