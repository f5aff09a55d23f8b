// openid-client lets a device in, exchanges tokens and hands a session to another root domain. Usage: node openid-client-grants.mjs PORT
import assert from 'node:assert/strict';
import { decodeJwt } from 'jose';
import * as client from 'openid-client';
import { Person, fetchAt, step } from './browser.mjs';

const [contoso, fabrikam] = ['http://auth.contoso.localhost:7071', 'http://auth.fabrikam.localhost:7071'];
const callback = 'http://app.contoso.localhost:5173/callback';
const [email, password] = ['joan@people.test', 'a long enough password'];
const accessToken = 'urn:ietf:params:oauth:token-type:access_token';
const tokenExchange = 'urn:ietf:params:oauth:grant-type:token-exchange';
const fetch = fetchAt(Number(process.argv[2]));
const person = new Person(fetch);
await person.register(contoso, email, password);

const discover = (issuer, id, secret) => client.discovery(new URL(issuer), id, undefined, secret ? client.ClientSecretBasic(secret) : client.None(), {
  execute: [client.allowInsecureRequests],
  [client.customFetch]: fetch,
});

const spa = await discover(contoso, 'demo-spa');
const verifier = client.randomPKCECodeVerifier();
const asked = client.buildAuthorizationUrl(spa, {
  redirect_uri: callback,
  scope: 'openid orders.read orders.write',
  resource: 'https://orders.example',
  code_challenge: await client.calculatePKCECodeChallenge(verifier),
  code_challenge_method: 'S256',
});
const app = await client.authorizationCodeGrant(
  spa, await person.walk(asked, contoso, email, password), { pkceCodeVerifier: verifier }, { resource: 'https://orders.example' });
step('subject token');

const device = await discover(contoso, 'demo-device');
const waiting = await client.initiateDeviceAuthorization(device, { scope: 'openid email' });
assert.match(waiting.user_code, /^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
const polling = client.pollDeviceAuthorizationGrant(device, waiting);
await person.allowDevice(waiting.verification_uri_complete, contoso);
const connected = await polling;
assert.equal(connected.claims().email, email);
assert.notEqual((await client.refreshTokenGrant(device, connected.refresh_token)).refresh_token, connected.refresh_token);
step('device');

const orders = await discover(contoso, 'orders-api', 'orders-api-secret');
const { access_token: actor } = await client.clientCredentialsGrant(orders);
const exchanged = await client.genericGrantRequest(orders, tokenExchange, {
  subject_token: app.access_token,
  subject_token_type: accessToken,
  actor_token: actor,
  actor_token_type: accessToken,
  audience: 'https://stock.example',
  scope: 'orders.read',
});
assert.equal(exchanged.issued_token_type, accessToken);
assert.deepEqual(decodeJwt(exchanged.access_token).act, { sub: 'orders-api' });
const stock = await discover(contoso, 'stock-api', 'stock-api-secret');
const introspected = await client.tokenIntrospection(stock, exchanged.access_token);
assert.deepEqual([introspected.active, introspected.act.sub], [true, 'orders-api']);
step('token exchange');

const handoff = await client.genericGrantRequest(orders, tokenExchange, {
  subject_token: app.access_token,
  subject_token_type: accessToken,
  requested_token_type: 'urn:ietf:params:oauth:token-type:jwt',
  resource: `${fabrikam}/token`,
  audience: 'demo-web',
});
assert.equal(handoff.token_type, 'n_a');
const there = await discover(fabrikam, 'demo-web', 'demo-web-secret');
const arrived = await client.genericGrantRequest(there, 'urn:ietf:params:oauth:grant-type:jwt-bearer', { assertion: handoff.access_token });
assert.equal(decodeJwt(arrived.access_token).iss, fabrikam);
assert.equal(decodeJwt(arrived.access_token).sub, decodeJwt(app.access_token).sub);
step('handoff');

await assert.rejects(
  client.genericGrantRequest(orders, tokenExchange, { subject_token: app.access_token, subject_token_type: accessToken, audience: 'https://stock.example' }),
  { error: 'invalid_request' });
await assert.rejects(
  client.genericGrantRequest(there, 'urn:ietf:params:oauth:grant-type:jwt-bearer', { assertion: handoff.access_token }), { error: 'invalid_grant' });
await assert.rejects(client.genericGrantRequest(there, 'password', { username: email, password }), { error: 'unsupported_grant_type' });
step('refusals');
