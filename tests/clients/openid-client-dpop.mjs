// openid-client as confidential client demo-web, with DPoP (RFC 9449). It answers demands for a nonce by itself. Usage: node openid-client-dpop.mjs PORT
import assert from 'node:assert/strict';
import { calculateJwkThumbprint, exportJWK } from 'jose';
import * as client from 'openid-client';
import { Person, fetchAt, step } from './browser.mjs';

const issuer = 'http://auth.contoso.localhost:7071';
const callback = 'http://app.contoso.localhost:5173/callback';
const [email, password] = ['katherine@people.test', 'a long enough password'];
const fetch = fetchAt(Number(process.argv[2]));
const person = new Person(fetch);
await person.register(issuer, email, password);

const discover = (id, secret) => client.discovery(new URL(issuer), id, undefined, client.ClientSecretBasic(secret), {
  execute: [client.allowInsecureRequests],
  [client.customFetch]: fetch,
});
const config = await discover('demo-web', 'demo-web-secret');
const keys = await client.randomDPoPKeyPair('ES256');
const thumbprint = await calculateJwkThumbprint(await exportJWK(keys.publicKey));
const DPoP = client.getDPoPHandle(config, keys);

const verifier = client.randomPKCECodeVerifier();
const [expectedState, expectedNonce] = [client.randomState(), client.randomNonce()];
const url = await client.buildAuthorizationUrlWithPAR(config, {
  redirect_uri: callback,
  scope: 'openid email offline_access',
  code_challenge: await client.calculatePKCECodeChallenge(verifier),
  code_challenge_method: 'S256',
  state: expectedState,
  nonce: expectedNonce,
}, { DPoP });
step('par');

const answer = await person.walk(url, issuer, email, password);
const tokens = await client.authorizationCodeGrant(
  config, answer, { pkceCodeVerifier: verifier, expectedState, expectedNonce, idTokenExpected: true }, undefined, { DPoP });
assert.equal(tokens.token_type, 'dpop');
step('code');

const info = await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub, { DPoP });
assert.equal(info.email, email);
step('userinfo');

const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP });
assert.equal(refreshed.token_type, 'dpop');
step('refresh');

const active = await client.tokenIntrospection(config, refreshed.access_token);
assert.deepEqual(active.cnf, { jkt: thumbprint });
assert.equal(active.token_type, 'DPoP');
step('introspection');

const machine = await discover('demo-machine', 'demo-machine-secret');
const own = await client.clientCredentialsGrant(machine, undefined, { DPoP: client.getDPoPHandle(machine, keys) });
assert.equal(own.token_type, 'dpop');
step('client credentials');
