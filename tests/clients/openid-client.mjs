// openid-client, a certified relying party, as confidential client demo-web. Usage: node openid-client.mjs PORT
import assert from 'node:assert/strict';
import { createRemoteJWKSet, customFetch as joseFetch, jwtVerify } from 'jose';
import * as client from 'openid-client';
import { Person, fetchAt, step } from './browser.mjs';

const issuer = 'http://auth.contoso.localhost:7071';
const callback = 'http://app.contoso.localhost:5173/callback';
const [email, password] = ['grace@people.test', 'a long enough password'];
const fetch = fetchAt(Number(process.argv[2]));
const person = new Person(fetch);
await person.register(issuer, email, password);

const config = await client.discovery(new URL(issuer), 'demo-web', undefined, client.ClientSecretBasic('demo-web-secret'), {
  execute: [client.allowInsecureRequests],
  [client.customFetch]: fetch,
});
assert.equal(config.serverMetadata().issuer, issuer);
step('discovery');

const verifier = client.randomPKCECodeVerifier();
const [state, nonce] = [client.randomState(), client.randomNonce()];
const url = await client.buildAuthorizationUrlWithPAR(config, {
  redirect_uri: callback,
  scope: 'openid profile email offline_access',
  code_challenge: await client.calculatePKCECodeChallenge(verifier),
  code_challenge_method: 'S256',
  state,
  nonce,
  max_age: '600',
});
assert.deepEqual([...url.searchParams.keys()].sort(), ['client_id', 'request_uri']);
step('par');

const answer = await person.walk(url, issuer, email, password);
const tokens = await client.authorizationCodeGrant(config, answer, {
  pkceCodeVerifier: verifier,
  expectedState: state,
  expectedNonce: nonce,
  maxAge: 600,
  idTokenExpected: true,
});
assert.equal(tokens.claims().email, email);
step('code');

const keys = createRemoteJWKSet(new URL(config.serverMetadata().jwks_uri), { [joseFetch]: fetch });
const { payload } = await jwtVerify(tokens.access_token, keys, { issuer, audience: issuer, typ: 'at+jwt', algorithms: ['ES256'] });
assert.equal(payload.client_id, 'demo-web');
step('access token');

const info = await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
assert.equal(info.email, email);
step('userinfo');

const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token);
assert.notEqual(refreshed.refresh_token, tokens.refresh_token);
assert.equal(refreshed.claims().sub, tokens.claims().sub);
step('refresh');

const active = await client.tokenIntrospection(config, refreshed.access_token);
assert.equal(active.active, true);
assert.equal(active.client_id, 'demo-web');
step('introspection');

await client.tokenRevocation(config, refreshed.refresh_token);
assert.equal((await client.tokenIntrospection(config, refreshed.access_token)).active, false);
await assert.rejects(client.refreshTokenGrant(config, refreshed.refresh_token), { error: 'invalid_grant' });
step('revocation');

const left = await person.walk(
  client.buildEndSessionUrl(config, {
    id_token_hint: tokens.id_token,
    post_logout_redirect_uri: 'http://app.contoso.localhost:5173/',
    state: 'bye',
  }),
  issuer);
assert.equal(left.href, 'http://app.contoso.localhost:5173/?state=bye');
const silent = client.buildAuthorizationUrl(config, {
  redirect_uri: callback,
  scope: 'openid',
  code_challenge: await client.calculatePKCECodeChallenge(verifier),
  code_challenge_method: 'S256',
  prompt: 'none',
});
assert.equal((await person.walk(silent, issuer)).searchParams.get('error'), 'login_required');
step('logout');
