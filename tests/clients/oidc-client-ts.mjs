// oidc-client-ts, a client for browsers, as public client demo-spa: what a single-page app does. Usage: node oidc-client-ts.mjs PORT
import assert from 'node:assert/strict';
import { Person, fetchAt, step } from './browser.mjs';

const issuer = 'http://auth.contoso.localhost:7071';
const fabrikam = 'http://auth.fabrikam.localhost:7071';
const app = 'http://app.contoso.localhost:5173';
const [email, password] = ['barbara@people.test', 'a long enough password'];
globalThis.fetch = fetchAt(Number(process.argv[2]));

// What it needs of a browser besides fetch: a window that tells where it was sent. Both stores are its own, in memory.
let sentTo = null;
const shown = new Set();
globalThis.window = {
  location: { origin: app, href: `${app}/`, assign: url => { sentTo = new URL(url); shown.forEach(tell => tell()); } },
  addEventListener: (event, tell) => event === 'pageshow' && shown.add(tell),
};
window.self = window;
const { ErrorResponse, InMemoryWebStorage, UserManager, WebStorageStateStore } = await import('oidc-client-ts');

const states = new InMemoryWebStorage();
const managerOf = authority => new UserManager({
  authority,
  client_id: 'demo-spa',
  redirect_uri: `${app}/callback`,
  post_logout_redirect_uri: `${app}/`,
  scope: 'openid profile email offline_access',
  loadUserInfo: true,
  automaticSilentRenew: false,
  monitorSession: false,
  stateStore: new WebStorageStateStore({ store: states }),
  userStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),
});
const manager = managerOf(issuer);
const person = new Person(fetch);
await person.register(issuer, email, password);

/** Where the app sends the browser, and where the browser is when it comes back. */
const begin = async (more = {}) => {
  await manager.signinRedirect({ nonce: crypto.randomUUID(), ...more });
  return sentTo;
};
const walk = async url => (await person.walk(url, issuer, email, password)).href;

const asked = await begin();
assert.equal(asked.origin + asked.pathname, `${issuer}/authorize`);
assert.equal(asked.searchParams.get('code_challenge_method'), 'S256');
assert.equal(asked.searchParams.get('redirect_uri'), `${app}/callback`);
step('request');

const callback = await walk(asked);
const user = await manager.signinRedirectCallback(callback);
assert.equal(user.profile.email, email);
assert.equal(user.token_type, 'Bearer');
assert.deepEqual(user.scopes.toSorted(), ['email', 'offline_access', 'openid', 'profile']);
assert.equal(states.length, 0);
step('callback and userinfo');

const renewed = await manager.signinSilent();
assert.notEqual(renewed.refresh_token, user.refresh_token);
assert.equal(renewed.profile.sub, user.profile.sub);
step('silent renew');

const silent = await begin({ prompt: 'none' });
assert.equal((await manager.signinRedirectCallback(await walk(silent))).profile.sub, user.profile.sub);
step('single sign-on');

const foreign = new URL(await walk(await begin()));
const own = foreign.searchParams.get('state');
foreign.searchParams.set('state', 'another');
await assert.rejects(manager.signinRedirectCallback(foreign.href), /No matching state found/);
step('wrong state');

// The browser of the attack carries the answer of one server to the app's request to another (RFC 9700 §4.4).
foreign.searchParams.set('state', own);
await assert.rejects(managerOf(fabrikam).signinRedirectCallback(foreign.href), /authority mismatch/);
step('wrong issuer');

const spoilt = await begin();
spoilt.searchParams.set('nonce', 'of somebody else');
await assert.rejects(manager.signinRedirectCallback(await walk(spoilt)), /nonce in id_token does not match/);
step('wrong nonce');

const unproven = await begin();
unproven.searchParams.set('code_challenge', 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM');
await assert.rejects(manager.signinRedirectCallback(await walk(unproven)), error => error instanceof ErrorResponse && error.error === 'invalid_grant');
step('wrong verifier');

const refused = await begin({ scope: 'openid orders.read' });
await assert.rejects(manager.signinRedirectCallback(await walk(refused)), error => error instanceof ErrorResponse && error.error === 'invalid_scope');
step('refusal');

await manager.signoutRedirect({ state: 'bye' });
assert.equal(sentTo.pathname, '/end_session');
assert.ok(sentTo.searchParams.get('id_token_hint'));
const left = (await person.walk(sentTo, issuer)).href;
assert.equal((await manager.signoutRedirectCallback(left)).userState, 'bye');
assert.equal(await manager.getUser(), null);
const afterwards = await begin({ prompt: 'none' });
await assert.rejects(manager.signinRedirectCallback(await walk(afterwards)), error => error instanceof ErrorResponse && error.error === 'login_required');
step('sign-out');
