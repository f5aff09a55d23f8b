// oauth4webapi, the strict low-level client, as public client demo-spa, with refusals. Usage: node oauth4webapi.mjs PORT
import assert from 'node:assert/strict';
import * as oauth from 'oauth4webapi';
import { Person, fetchAt, step } from './browser.mjs';

const issuer = new URL('http://auth.contoso.localhost:7071');
const callback = 'http://app.contoso.localhost:5173/callback';
const [email, password] = ['alan@people.test', 'a long enough password'];
const fetch = fetchAt(Number(process.argv[2]));
const options = { [oauth.allowInsecureRequests]: true, [oauth.customFetch]: fetch };
const person = new Person(fetch);
await person.register(issuer.origin, email, password);

const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { ...options, algorithm: 'oauth2' }));
const client = { client_id: 'demo-spa' };
const none = oauth.None();
step('discovery');

const authorize = async ({ par = false, ...more } = {}) => {
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
    ...more,
  };
  const url = new URL(as.authorization_endpoint);
  if (par) {
    const response = await oauth.pushedAuthorizationRequest(as, client, none, parameters, options);
    const { request_uri } = await oauth.processPushedAuthorizationResponse(as, client, response);
    url.search = new URLSearchParams({ client_id: client.client_id, request_uri });
  } else {
    url.search = new URLSearchParams(parameters);
  }

  const answer = await person.walk(url, issuer.origin, email, password);
  return { verifier, state, nonce, url: answer, validate: () => oauth.validateAuthResponse(as, client, answer, state) };
};
const redeem = (asked, verifier = asked.verifier) =>
  oauth.authorizationCodeGrantRequest(as, client, none, asked.validate(), callback, verifier, options);
const readTokens = async (asked, response) => {
  const result = await oauth.processAuthorizationCodeResponse(as, client, response, { expectedNonce: asked.nonce, requireIdToken: true });
  await oauth.validateApplicationLevelSignature(as, response, options);
  return result;
};
const refusedWith = async (error, promise) => assert.rejects(promise, e => e instanceof oauth.ResponseBodyError && e.error === error);

const asked = await authorize({ par: true });
const tokens = await readTokens(asked, await redeem(asked));
const { sub } = oauth.getValidatedIdTokenClaims(tokens);
step('par and code');

const info = await oauth.processUserInfoResponse(as, client, sub, await oauth.userInfoRequest(as, client, tokens.access_token, options));
assert.equal(info.email, email);
step('userinfo');

const refreshed = await oauth.processRefreshTokenResponse(
  as, client, await oauth.refreshTokenGrantRequest(as, client, none, tokens.refresh_token, options));
assert.notEqual(refreshed.refresh_token, tokens.refresh_token);
step('refresh');

await oauth.processRevocationResponse(await oauth.revocationRequest(as, client, none, refreshed.refresh_token, options));
await refusedWith('invalid_grant', oauth.refreshTokenGrantRequest(as, client, none, refreshed.refresh_token, options)
  .then(response => oauth.processRefreshTokenResponse(as, client, response)));
step('revocation');

const wrong = await authorize();
await refusedWith('invalid_grant', redeem(wrong, oauth.generateRandomCodeVerifier()).then(response => readTokens(wrong, response)));
const right = await readTokens(wrong, await redeem(wrong));
await refusedWith('invalid_grant', redeem(wrong).then(response => readTokens(wrong, response)));
await refusedWith('invalid_grant', oauth.refreshTokenGrantRequest(as, client, none, right.refresh_token, options)
  .then(response => oauth.processRefreshTokenResponse(as, client, response)));
step('wrong verifier, reused code');

const denied = await authorize({ scope: 'openid orders.read' });
assert.throws(denied.validate, e => e instanceof oauth.AuthorizationResponseError && e.error === 'invalid_scope');
await refusedWith('invalid_request', oauth.pushedAuthorizationRequest(as, client, none, { redirect_uri: 'https://evil.test/', response_type: 'code' }, options)
  .then(response => oauth.processPushedAuthorizationResponse(as, client, response)));
const unauthenticated = await oauth.userInfoRequest(as, client, right.id_token, options).then(
  response => oauth.processUserInfoResponse(as, client, sub, response).then(() => null, e => e), e => e);
assert.equal(unauthenticated.cause[0].parameters.error, 'invalid_token');
step('refusals');

const answered = await authorize();
const spoil = change => {
  const url = new URL(answered.url);
  change(url.searchParams);
  return () => oauth.validateAuthResponse(as, client, url, answered.state);
};
answered.validate();
assert.throws(spoil(answer => answer.set('state', 'another')), /state/);
assert.throws(spoil(answer => answer.set('iss', 'http://auth.fabrikam.localhost:7071')), /iss/);
assert.throws(spoil(answer => answer.delete('iss')), /iss/);
await assert.rejects(
  redeem(answered).then(response => oauth.processAuthorizationCodeResponse(as, client, response, { expectedNonce: 'another', requireIdToken: true })), /nonce/);
step('spoilt answers');

const last = await authorize();
const { id_token } = await readTokens(last, await redeem(last));
const leave = new URL(as.end_session_endpoint);
leave.search = new URLSearchParams({ id_token_hint: id_token, post_logout_redirect_uri: 'http://app.contoso.localhost:5173/', state: 'bye' });
assert.equal((await person.walk(leave, issuer.origin)).href, 'http://app.contoso.localhost:5173/?state=bye');
assert.throws((await authorize({ prompt: 'none' })).validate, e => e instanceof oauth.AuthorizationResponseError && e.error === 'login_required');
step('logout');
