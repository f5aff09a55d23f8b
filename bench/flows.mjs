import { randomUUID } from 'node:crypto';
import { Failure } from '../scripts/lib/failure.mjs';
import { CookieJar } from '../scripts/lib/cookies.mjs';
import { Client } from '../scripts/lib/http.mjs';
import { readJwt } from '../scripts/lib/jwt.mjs';
import { version } from './sas.mjs';
import { basic } from './service.mjs';

// RFC 7636 appendix B.
const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
export const password = 'correct horse battery staple';

// A grant that outlives the browser's session: what decides about it is read with the grant and the user alone.
const offline = 'openid profile email offline_access';

/**
 * What is measured, and where: for each target a function that makes the chains (one a connection, with what it begins with) and the steps
 * of a round. One round is one request, but for the flows that take several.
 */
export const flows = [
  {
    name: 'jwks',
    at: {
      service: target => once(get(target.contoso, '/.well-known/jwks.json')),
      'oidc-provider, memory': target => once(peerGet(target, '/jwks')),
      floor: target => once(peerGet(target, '/empty')),
    },
  },
  {
    name: 'discovery',
    at: {
      service: target => once(get(target.contoso, '/.well-known/openid-configuration')),
      'oidc-provider, memory': target => once(peerGet(target, '/.well-known/openid-configuration')),
      floor: target => once(peerGet(target, '/empty')),
    },
  },
  {
    name: 'session check',
    at: {
      service: async (target, connections) => ({
        chains: await each(connections, async () => ({ cookies: (await signUp(target)).cookies })),
        steps: [get(target.contoso, '/session', 'Cookie: ${cookies}')],
      }),
      'better-auth, memory': async (target, connections) => ({
        chains: await each(connections, async () => ({ cookies: await signUpAtBetterAuth(target) })),
        steps: [peerGet(target, '/api/auth/get-session', 'Cookie: ${cookies}')],
      }),
      floor: target => once(peerGet(target, '/verify')),
    },
  },
  {
    name: 'client credentials',
    at: {
      service: target => once(post(target.contoso, '/token', form('demo-machine', 'demo-machine-secret'), 'grant_type=client_credentials')),
      'oidc-provider, memory': target => once(peerPost(target, '/token', form('machine', 'machine-secret'), 'grant_type=client_credentials&scope=orders.read')),
      'oidc-provider, Azurite': target => once(peerPost(target, '/token', form('machine', 'machine-secret'), 'grant_type=client_credentials&scope=orders.read')),
      floor: target => once(peerGet(target, '/sign')),
    },
  },
  {
    name: 'introspect',
    at: {
      service: async (target, connections) => ({
        chains: await each(connections, async () => ({ token: (await tokens(target, offline)).access_token })),
        steps: [post(target.contoso, '/introspect', form('demo-web', 'demo-web-secret'), 'token=${token}')],
      }),
      'oidc-provider, Azurite': async (target, connections) => ({
        chains: await each(connections, async () => ({ token: (await peerTokens(target, offline)).access_token })),
        steps: [peerPost(target, '/token/introspection', form('web', 'web-secret'), 'token=${token}')],
      }),
    },
  },
  {
    name: 'refresh',
    at: {
      service: async (target, connections) => ({
        chains: await each(connections, async () => ({ refresh: (await tokens(target, offline)).refresh_token })),
        steps: [refreshing(post(target.contoso, '/token', form('demo-web', 'demo-web-secret'), refreshBody))],
      }),
      'oidc-provider, Azurite': async (target, connections) => ({
        chains: await each(connections, async () => ({ refresh: (await peerTokens(target, offline)).refresh_token })),
        steps: [refreshing(peerPost(target, '/token', form('web', 'web-secret'), refreshBody))],
      }),
      Azurite: readReadWrite,
    },
  },
  {
    name: 'code flow',
    at: {
      service: async (target, connections) => ({
        chains: await each(connections, async () => ({ cookies: (await signUp(target)).cookies })),
        steps: codeFlow(
          get(target.contoso, authorizePath(target), 'Cookie: ${cookies}'),
          post(target.contoso, '/token', form('demo-web', 'demo-web-secret'), codeBody(`${target.contoso.app}/callback`))),
      }),
      'oidc-provider, Azurite': async (target, connections) => ({
        chains: await each(connections, async () => ({ cookies: (await signInAtPeer(target)).cookies })),
        steps: codeFlow(
          peerGet(target, peerAuthorizePath(), 'Cookie: ${cookies}'),
          peerPost(target, '/token', form('web', 'web-secret'), codeBody('https://app.example/callback'))),
      }),
    },
  },
  {
    name: 'handoff',
    at: {
      service: async (target, connections) => ({
        chains: await each(connections, async () => ({ cookies: (await signUp(target)).cookies })),
        steps: handoff(target),
      }),
    },
  },
  {
    name: 'sign-in',
    at: {
      service: async (target, connections) => ({
        chains: await each(connections, async () => ({ email: (await signUp(target)).email })),
        steps: [post(target.contoso, '/login', ['Content-Type: application/json', `Origin: ${target.contoso.app}`],
          `{"email":"\${email}","password":"${password}"}`)],
      }),
      'better-auth, memory': async (target, connections) => ({
        chains: await each(connections, async () => {
          const email = newEmail();
          await signUpAtBetterAuth(target, email);
          return { email };
        }),
        steps: [peerPost(target, '/api/auth/sign-in/email', ['Content-Type: application/json', `Origin: http://127.0.0.1:${target.port}`],
          `{"email":"\${email}","password":"${password}"}`)],
      }),
    },
  },
];

/** Step 1 at the target, step 2 at the source, step 3 at the target again, as a browser is sent through them. */
export function handoff({ contoso, fabrikam }) {
  const onwards = { next: 'Location: https?://[^/]+(\\S+)' };
  const navigation = ['Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document', 'Sec-Fetch-Site: same-origin', 'Sec-Fetch-User: ?1'];
  const start = `/handoff/start?${new URLSearchParams({ from: contoso.name, return_to: `${fabrikam.app}/` })}`;
  return [
    { ...get(fabrikam, start, ...navigation), status: 303, extract: { ...onwards, nonce: 'Set-Cookie: ([^;]+)' } },
    { ...get(contoso, '${next}', 'Cookie: ${cookies}', ...navigation), status: 303, extract: onwards },
    { ...get(fabrikam, '${next}', 'Cookie: ${nonce}', ...navigation), status: 303, extract: { arrived: '(__Host-sid=sid_)' } },
  ];
}

/** What a refresh needs of its store, and nothing else: two point reads and one conditional write, of rows that the service wrote. */
async function readReadWrite({ port, path, sas }, connections, { service }) {
  const headers = { 'x-ms-version': version, Accept: 'application/json;odata=minimalmetadata', DataServiceVersion: '3.0' };
  const chains = await each(connections, async () => {
    const user = readJwt((await tokens(service, offline)).id_token).claims.sub;
    const answer = await fetch(`http://127.0.0.1:${port}${path}/Users()?$filter=${encodeURIComponent(`PartitionKey eq '${user}'`)}&${sas}`, { headers });
    const grant = (await answer.json()).value.find(row => row.RowKey.startsWith('session_') && row.ClientId === 'demo-web');
    return { user, session: grant.RowKey, row: JSON.stringify(Object.fromEntries(Object.entries(grant).filter(([name]) => !/^(odata\.|Timestamp)/.test(name)))) };
  });
  const head = (method, key, ...more) => lines(
    `${method} ${path}/Users(PartitionKey='\${user}',RowKey='${key}')?${sas} HTTP/1.1`, 'Host: 127.0.0.1',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), ...more);
  return {
    chains,
    steps: [
      { head: head('GET', 'user'), status: 200 },
      { head: head('GET', '${session}'), status: 200, extract: { etag: '(?i)\\netag: ([^\\r]+)' } },
      { head: head('PUT', '${session}', 'If-Match: ${etag}', 'Content-Type: application/json'), body: '${row}', status: 204 },
    ],
  };
}

export const refreshBody = 'grant_type=refresh_token&refresh_token=${refresh}';

export function refreshing(step) {
  return { ...step, extract: { refresh: '"refresh_token":"([^"]+)"' } };
}

export function codeFlow(authorize, redeem) {
  return [{ ...authorize, status: 303, extract: { code: '[?&]code=([^&\\s]+)' } }, redeem];
}

export function codeBody(redirectUri) {
  return `grant_type=authorization_code&code=\${code}&redirect_uri=${encodeURIComponent(redirectUri)}&code_verifier=${verifier}`;
}

export function authorizePath({ contoso }, scope = 'openid profile email') {
  return `/authorize?${new URLSearchParams({
    client_id: 'demo-web', redirect_uri: `${contoso.app}/callback`, response_type: 'code', scope, state: 's',
    code_challenge: challenge, code_challenge_method: 'S256',
  })}`;
}

function peerAuthorizePath(scope = 'openid profile email') {
  return `/auth?${new URLSearchParams({
    client_id: 'web', redirect_uri: 'https://app.example/callback', response_type: 'code', scope, state: 's', code_challenge: challenge, code_challenge_method: 'S256',
    // OpenID Connect Core §11: without it offline_access is ignored.
    ...scope === offline && { prompt: 'consent' },
  })}`;
}

/** A new person at contoso, and what the browser holds of them. */
export async function signUp({ contoso }) {
  const jar = new CookieJar();
  const email = newEmail();
  const answer = await new Client({ jar }).send('POST', `${contoso.auth}/register`, { json: { email, password, name: 'Ada' }, origin: contoso.app });
  expectStatus(answer, 201);
  return { email, jar, cookies: jar.header(contoso.auth, { sameSite: true, navigation: true, safe: true }) };
}

/** The tokens of demo-web for a new person. */
async function tokens(target, scope) {
  const { jar } = await signUp(target);
  const authorized = await new Client({ jar }).send('GET', target.contoso.auth + authorizePath(target, scope), { navigation: true });
  expectStatus(authorized, 303);
  return redeem(`${target.contoso.auth}/token`, basic('demo-web', 'demo-web-secret'), authorized.headers.location, `${target.contoso.app}/callback`);
}

async function peerTokens(target, scope) {
  const { location } = await signInAtPeer(target, scope);
  return redeem(`http://127.0.0.1:${target.port}/token`, basic('web', 'web-secret'), location, 'https://app.example/callback');
}

export async function redeem(url, authorization, location, redirectUri) {
  const answer = await new Client().send('POST', url, {
    headers: { Authorization: authorization },
    form: { grant_type: 'authorization_code', code: new URL(location).searchParams.get('code'), redirect_uri: redirectUri, code_verifier: verifier },
  });
  expectStatus(answer, 200);
  return answer.body;
}

/** Signs Ada in at an oidc-provider, as a browser would: her cookies, and where the browser ended. */
async function signInAtPeer({ port }, scope) {
  const jar = new CookieJar();
  const client = new Client({ jar });
  const origin = `http://127.0.0.1:${port}`;
  let url = origin + peerAuthorizePath(scope);
  while (url.startsWith(`${origin}/`)) {
    const answer = await client.send('GET', url, { navigation: true });
    expectStatus(answer, 303);
    url = new URL(answer.headers.location, url).href;
  }
  return { cookies: jar.header(`${origin}/auth`, { sameSite: true, navigation: true, safe: true }), location: url };
}

async function signUpAtBetterAuth({ port }, email = newEmail()) {
  const jar = new CookieJar();
  const origin = `http://127.0.0.1:${port}`;
  const answer = await new Client({ jar }).send('POST', `${origin}/api/auth/sign-up/email`, { json: { email, password, name: 'Ada' }, origin });
  expectStatus(answer, 200);
  return jar.header(origin, { sameSite: true, navigation: true, safe: true });
}

export function expectStatus(answer, status) {
  if (answer.status !== status) {
    throw new Failure(`expected ${status}, but the answer was ${answer.status}: ${answer.text}`);
  }
}

/** One request that is the same each time; every connection sends it. */
function once(step) {
  return { steps: [step] };
}

export async function each(count, make) {
  const made = [];
  for (let n = 0; n < count; n++) {
    made.push(await make());
  }
  return made;
}

function newEmail() {
  return `${randomUUID()}@people.test`;
}

export function get(site, path, ...more) {
  return { head: lines(`GET ${path} HTTP/1.1`, `Host: ${new URL(site.auth).host}`, ...more), status: 200 };
}

export function post(site, path, more, body) {
  return { head: lines(`POST ${path} HTTP/1.1`, `Host: ${new URL(site.auth).host}`, ...more), body, status: 200 };
}

function peerGet({ port }, path, ...more) {
  return { head: lines(`GET ${path} HTTP/1.1`, `Host: 127.0.0.1:${port}`, ...more), status: 200 };
}

function peerPost({ port }, path, more, body) {
  return { head: lines(`POST ${path} HTTP/1.1`, `Host: 127.0.0.1:${port}`, ...more), body, status: 200 };
}

export function form(id, secret) {
  return [`Authorization: ${basic(id, secret)}`, 'Content-Type: application/x-www-form-urlencoded'];
}

function lines(...all) {
  return all.join('\n');
}
