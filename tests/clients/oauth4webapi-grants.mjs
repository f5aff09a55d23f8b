// oauth4webapi lets a device in and exchanges tokens, with refusals. Usage: node oauth4webapi-grants.mjs PORT
import assert from 'node:assert/strict';
import * as oauth from 'oauth4webapi';
import { Person, fetchAt, step } from './browser.mjs';

const issuer = new URL('http://auth.contoso.localhost:7071');
const [email, password] = ['edsger@people.test', 'a long enough password'];
const accessToken = 'urn:ietf:params:oauth:token-type:access_token';
const fetch = fetchAt(Number(process.argv[2]));
const options = { [oauth.allowInsecureRequests]: true, [oauth.customFetch]: fetch };
const person = new Person(fetch);
await person.register(issuer.origin, email, password);

const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options));
const device = { client_id: 'demo-device' };
const none = oauth.None();
const refusedWith = async (error, promise) => assert.rejects(promise, e => e instanceof oauth.ResponseBodyError && e.error === error);

const begin = async () => oauth.processDeviceAuthorizationResponse(
  as, device, await oauth.deviceAuthorizationRequest(as, device, none, { scope: 'openid profile email' }, options));
const poll = async waiting => oauth.processDeviceCodeResponse(
  as, device, await oauth.deviceCodeGrantRequest(as, device, none, waiting.device_code, options));

const waiting = await begin();
assert.equal(waiting.interval, 5);
await refusedWith('authorization_pending', poll(waiting));
await refusedWith('slow_down', poll(waiting));
const page = await person.walk(`${issuer.origin}/signin?return_to=${encodeURIComponent('http://app.contoso.localhost:5173/')}`, issuer.origin, email, password);
assert.equal(page.origin, 'http://app.contoso.localhost:5173');
await person.allowDevice(waiting.verification_uri_complete, issuer.origin);
const connected = await poll(waiting);
assert.equal(oauth.getValidatedIdTokenClaims(connected).email, email);
step('device');

await refusedWith('invalid_grant', poll(waiting));
await refusedWith('invalid_grant', oauth.refreshTokenGrantRequest(as, device, none, connected.refresh_token, options)
  .then(response => oauth.processRefreshTokenResponse(as, device, response)));
step('reused device code');

const unwelcome = await begin();
await person.answerDevice(unwelcome.verification_uri_complete, issuer.origin, 'deny');
await refusedWith('access_denied', poll(unwelcome));
step('denied device');

const app = { client_id: 'demo-spa' };
const callback = 'http://app.contoso.localhost:5173/callback';
const verifier = oauth.generateRandomCodeVerifier();
const url = new URL(as.authorization_endpoint);
url.search = new URLSearchParams({
  ...app,
  redirect_uri: callback,
  response_type: 'code',
  scope: 'openid orders.read orders.write',
  resource: 'https://orders.example',
  code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
  code_challenge_method: 'S256',
});
const answer = oauth.validateAuthResponse(as, app, await person.walk(url, issuer.origin, email, password), oauth.expectNoState);
const subject = await oauth.processAuthorizationCodeResponse(
  as, app, await oauth.authorizationCodeGrantRequest(as, app, none, answer, callback, verifier, options));

const api = { client_id: 'orders-api' };
const secret = oauth.ClientSecretBasic('orders-api-secret');
const machine = await oauth.processClientCredentialsResponse(
  as, api, await oauth.clientCredentialsGrantRequest(as, api, secret, { scope: 'orders.read stock.read' }, options));
const exchange = async parameters => oauth.processGenericTokenEndpointResponse(as, api, await oauth.genericTokenEndpointRequest(
  as, api, secret, 'urn:ietf:params:oauth:grant-type:token-exchange',
  { subject_token: subject.access_token, subject_token_type: accessToken, audience: 'https://stock.example', ...parameters }, options));
const actor = { actor_token: machine.access_token, actor_token_type: accessToken };
const exchanged = await exchange({ ...actor, scope: 'orders.read' });
assert.deepEqual([exchanged.issued_token_type, exchanged.scope], [accessToken, 'orders.read']);
step('token exchange');

const ask = async (who, authentication, token) => oauth.processIntrospectionResponse(
  as, who, await oauth.introspectionRequest(as, who, authentication, token, options));
const stock = [{ client_id: 'stock-api' }, oauth.ClientSecretBasic('stock-api-secret')];
const told = await ask(...stock, exchanged.access_token);
assert.deepEqual([told.active, told.aud, told.act?.sub], [true, 'https://stock.example', 'orders-api']);
assert.deepEqual(await ask(...stock, connected.access_token), { active: false });
await assert.rejects(ask(device, none, connected.access_token), e => e instanceof oauth.WWWAuthenticateChallengeError && e.status === 401);
step('introspection');

await refusedWith('invalid_request', exchange({}));
await refusedWith('invalid_target', exchange({ ...actor, audience: 'https://unknown.example' }));
await refusedWith('invalid_scope', exchange({ ...actor, scope: 'orders.read stock.read' }));
await refusedWith('invalid_request', exchange({ ...actor, subject_token: 'eyJ' }));
await refusedWith('invalid_request', exchange({ requested_token_type: 'urn:ietf:params:oauth:token-type:saml2' }));
step('token exchange refusals');
