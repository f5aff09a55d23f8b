// A web site that openid-client signs people in for, told by a logout token that jose verifies. Usage: node backchannel-logout.mjs PORT OWN_PORT
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRemoteJWKSet, customFetch as joseFetch, jwtVerify } from 'jose';
import * as client from 'openid-client';
import { Person, fetchAt, step } from './browser.mjs';

const issuer = 'http://auth.contoso.localhost:7071';
const callback = 'http://app.contoso.localhost:5173/callback';
const [email, password] = ['alan@people.test', 'a long enough password'];
const fetch = fetchAt(Number(process.argv[2]));
const person = new Person(fetch);
await person.register(issuer, email, password);

const server = createServer(async (request, response) => {
  const chunks = await request.toArray();
  response.writeHead(200, { 'cache-control': 'no-store' }).end();
  server.emit('told', request.url, new URLSearchParams(Buffer.concat(chunks).toString()));
});
server.listen(Number(process.argv[3]), '127.0.0.1');
await once(server, 'listening');

const config = await client.discovery(new URL(issuer), 'demo-web', undefined, client.ClientSecretBasic('demo-web-secret'), {
  execute: [client.allowInsecureRequests],
  [client.customFetch]: fetch,
});
assert.equal(config.serverMetadata().backchannel_logout_supported, true);
assert.equal(config.serverMetadata().backchannel_logout_session_supported, true);
step('discovery');

const verifier = client.randomPKCECodeVerifier();
const url = client.buildAuthorizationUrl(config, {
  redirect_uri: callback,
  scope: 'openid',
  code_challenge: await client.calculatePKCECodeChallenge(verifier),
  code_challenge_method: 'S256',
});
const tokens = await client.authorizationCodeGrant(config, await person.walk(url, issuer, email, password), { pkceCodeVerifier: verifier });
step('code');

const telling = once(server, 'told', { signal: AbortSignal.timeout(20000) });
const left = await person.walk(
  client.buildEndSessionUrl(config, {
    id_token_hint: tokens.id_token,
    post_logout_redirect_uri: 'http://app.contoso.localhost:5173/',
  }),
  issuer);
assert.equal(left.href, 'http://app.contoso.localhost:5173/');
step('logout');

const [path, form] = await telling;
assert.equal(path, '/backchannel_logout');
assert.deepEqual([...form.keys()], ['logout_token']);
const keys = createRemoteJWKSet(new URL(config.serverMetadata().jwks_uri), { [joseFetch]: fetch });
const { payload } = await jwtVerify(form.get('logout_token'), keys, {
  issuer,
  audience: 'demo-web',
  typ: 'logout+jwt',
  algorithms: ['ES256'],
  maxTokenAge: '2 minutes',
  requiredClaims: ['jti', 'exp', 'sub', 'sid', 'events'],
});
assert.deepEqual(payload.events, { 'http://schemas.openid.net/event/backchannel-logout': {} });
assert.equal('nonce' in payload, false);
assert.deepEqual([payload.sub, payload.sid], [tokens.claims().sub, tokens.claims().sid]);
assert.ok(payload.exp - payload.iat <= 120);
step('logout token');
server.close();
