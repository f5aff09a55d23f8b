// openid-client as confidential client demo-web, with signed request objects (RFC 9101), sent by the browser and pushed.
// Usage: node openid-client-jar.mjs PORT PRIVATE_JWK
import assert from 'node:assert/strict';
import { importJWK } from 'jose';
import * as client from 'openid-client';
import { Person, fetchAt, step } from './browser.mjs';

const issuer = 'http://auth.contoso.localhost:7071';
const callback = 'http://app.contoso.localhost:5173/callback';
const [email, password] = ['mary@people.test', 'a long enough password'];
const fetch = fetchAt(Number(process.argv[2]));
const key = await importJWK(JSON.parse(process.argv[3]), 'ES256');
const person = new Person(fetch);
await person.register(issuer, email, password);

const config = await client.discovery(new URL(issuer), 'demo-web', undefined, client.ClientSecretBasic('demo-web-secret'), {
  execute: [client.allowInsecureRequests],
  [client.customFetch]: fetch,
});
const walk = async send => {
  const verifier = client.randomPKCECodeVerifier();
  const [expectedState, expectedNonce] = [client.randomState(), client.randomNonce()];
  const url = await client.buildAuthorizationUrlWithJAR(config, {
    redirect_uri: callback,
    scope: 'openid email',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state: expectedState,
    nonce: expectedNonce,
    claims: JSON.stringify({ id_token: { name: null } }),
    max_age: '600',
  }, key);
  assert.deepEqual([...url.searchParams.keys()].sort(), ['client_id', 'request']);
  const answer = await person.walk(await send(url), issuer, email, password);
  return client.authorizationCodeGrant(config, answer, { pkceCodeVerifier: verifier, expectedState, expectedNonce, maxAge: 600, idTokenExpected: true });
};

const tokens = await walk(url => url);
assert.equal(tokens.claims().email, email);
assert.ok('name' in tokens.claims());
step('request object');

await walk(url => client.buildAuthorizationUrlWithPAR(config, url.searchParams));
step('pushed');
