// oauth4webapi as public client demo-spa, with DPoP (RFC 9449): each demand for a nonce is seen, and what is bound is worth nothing to another key.
// Usage: node oauth4webapi-dpop.mjs PORT
import assert from 'node:assert/strict';
import * as oauth from 'oauth4webapi';
import { Person, fetchAt, step } from './browser.mjs';

const issuer = new URL('http://auth.contoso.localhost:7071');
const callback = 'http://app.contoso.localhost:5173/callback';
const [email, password] = ['dorothy@people.test', 'a long enough password'];
const fetch = fetchAt(Number(process.argv[2]));
const options = { [oauth.allowInsecureRequests]: true, [oauth.customFetch]: fetch };
const person = new Person(fetch);
await person.register(issuer.origin, email, password);

const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options));
assert.deepEqual(as.dpop_signing_alg_values_supported, ['ES256']);
const client = { client_id: 'demo-spa' };
const none = oauth.None();
const DPoP = oauth.DPoP(client, await oauth.generateKeyPair('ES256'));

/** Sends, and once more with the nonce if the service asks for one: how often it did is counted. */
let demands = 0;
const withNonce = async (send, process) => {
  try {
    return await process(await send());
  } catch (error) {
    assert.ok(oauth.isDPoPNonceError(error), error);
    demands++;
    return process(await send());
  }
};

const verifier = oauth.generateRandomCodeVerifier();
const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
const parameters = {
  client_id: client.client_id,
  redirect_uri: callback,
  response_type: 'code',
  scope: 'openid email',
  state,
  nonce,
  code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
  code_challenge_method: 'S256',
};
const { request_uri } = await withNonce(
  () => oauth.pushedAuthorizationRequest(as, client, none, parameters, { ...options, DPoP }),
  response => oauth.processPushedAuthorizationResponse(as, client, response));
assert.equal(demands, 1);
step('par');

const url = new URL(as.authorization_endpoint);
url.search = new URLSearchParams({ client_id: client.client_id, request_uri });
const answer = oauth.validateAuthResponse(as, client, await person.walk(url, issuer.origin, email, password), state);
const redeem = handle => oauth.authorizationCodeGrantRequest(as, client, none, answer, callback, verifier, { ...options, DPoP: handle });
const tokens = await withNonce(
  () => redeem(DPoP),
  response => oauth.processAuthorizationCodeResponse(as, client, response, { expectedNonce: nonce, requireIdToken: true }));
assert.equal(tokens.token_type, 'dpop');
const { sub } = oauth.getValidatedIdTokenClaims(tokens);
step('code');

const ask = (token, handle) => oauth.userInfoRequest(as, client, token, { ...options, DPoP: handle });
const info = await withNonce(() => ask(tokens.access_token, DPoP), response => oauth.processUserInfoResponse(as, client, sub, response));
assert.equal(info.email, email);
step('userinfo');

const refresh = handle => oauth.refreshTokenGrantRequest(as, client, none, tokens.refresh_token, { ...options, DPoP: handle });
const refreshed = await withNonce(() => refresh(DPoP), response => oauth.processRefreshTokenResponse(as, client, response));
assert.equal(refreshed.token_type, 'dpop');

// Every answer told the next nonce, so the first was the only demand.
assert.equal(demands, 1);
step('refresh');

const thief = oauth.DPoP(client, await oauth.generateKeyPair('ES256'));
await assert.rejects(
  withNonce(() => refresh(thief), response => oauth.processRefreshTokenResponse(as, client, response)),
  e => e instanceof oauth.ResponseBodyError && e.error === 'invalid_grant');
const refused = await withNonce(() => ask(refreshed.access_token, thief), response => oauth.processUserInfoResponse(as, client, sub, response))
  .then(() => null, e => e);
assert.deepEqual([refused.cause[0].scheme, refused.cause[0].parameters.error], ['dpop', 'invalid_token']);
step('another key');

const bare = await oauth.userInfoRequest(as, client, refreshed.access_token, options)
  .then(response => oauth.processUserInfoResponse(as, client, sub, response)).then(() => null, e => e);
assert.equal(bare.cause[0].parameters.error, 'invalid_token');
await assert.rejects(
  oauth.refreshTokenGrantRequest(as, client, none, refreshed.refresh_token, options)
    .then(response => oauth.processRefreshTokenResponse(as, client, response)),
  e => e instanceof oauth.ResponseBodyError && e.error === 'invalid_grant');
step('no key');
