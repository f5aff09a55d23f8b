import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auth, problem, World } from './world.mjs';

const api = 'https://api.contoso.test';

/** Answers by the access token's cookie, as an API on a subdomain does. */
function orders(refusal = () => problem(401, 'access_expired')) {
  return (request, cookies, body) => cookies.get('at')?.expired ? refusal() : Response.json({ method: request.method, body: body ?? null });
}

function signedIn() {
  const world = new World();
  world.signIn();
  return [world, world.tab()];
}

test('a request with a living access token is sent once', async () => {
  const [world, tab] = signedIn();
  world.answers.set(`GET ${api}/orders`, orders());
  assert.equal((await tab.fetch(`${api}/orders`)).status, 200);
  assert.deepEqual(world.requests, [`GET ${api}/orders`]);
});

test('an expired one is refreshed once and the request sent once more, body and headers as they were', async () => {
  const [world, tab] = signedIn();
  const seen = [];
  world.answers.set(`PUT ${api}/orders/1`, (request, ...rest) => {
    seen.push([request.headers.get('Content-Type'), request.headers.get('If-Match'), request.credentials]);
    return orders()(request, ...rest);
  });
  world.expire();
  const response = await tab.fetch(`${api}/orders/1`,
    { method: 'PUT', headers: { 'Content-Type': 'application/json', 'If-Match': '"7"' }, body: '{"n":1}' });
  assert.deepEqual(await response.json(), { method: 'PUT', body: '{"n":1}' });
  assert.deepEqual(world.requests, [`PUT ${api}/orders/1`, 'POST /refresh', `PUT ${api}/orders/1`]);
  assert.deepEqual(seen, [['application/json', '"7"', 'include'], ['application/json', '"7"', 'include']]);
});

test('the challenge of an API that knows only RFC 6750 means the same', async () => {
  const [world, tab] = signedIn();
  const challenge = 'Bearer error="invalid_token", error_description="The token expired"';
  world.answers.set(`GET ${api}/orders`, orders(() => new Response(null, { status: 401, headers: { 'WWW-Authenticate': challenge } })));
  world.expire();
  assert.equal((await tab.fetch(`${api}/orders`)).status, 200);
  assert.equal(world.count('POST /refresh'), 1);
});

for (const [what, answer] of Object.entries({
  'a 401 without a code': () => new Response('no', { status: 401 }),
  'a 401 with another code': () => problem(401, 'invalid_credentials'),
  'a 403 that says access_expired': () => problem(403, 'access_expired'),
  'a 500': () => new Response('', { status: 500 }),
})) {
  test(`${what} is handed on as it is`, async () => {
    const [world, tab] = signedIn();
    world.answers.set(`GET ${api}/orders`, answer);
    const response = await tab.fetch(`${api}/orders`);
    assert.deepEqual([response.status, await response.text()], [answer().status, await answer().text()]);
    assert.deepEqual(world.requests, [`GET ${api}/orders`]);
    assert.deepEqual(tab.heard, []);
  });
}

test('a second 401 is the answer: nothing is tried a third time', async () => {
  const [world, tab] = signedIn();
  world.answers.set(`GET ${api}/orders`, () => problem(401, 'access_expired'));
  assert.equal((await tab.fetch(`${api}/orders`)).status, 401);
  assert.deepEqual(world.requests, [`GET ${api}/orders`, 'POST /refresh', `GET ${api}/orders`]);
});

test('session_ended is told and not retried', async () => {
  const [world, tab] = signedIn();
  await tab.session();
  world.requests = [];
  world.answers.set(`GET ${api}/orders`, () => problem(401, 'session_ended'));
  const response = await tab.fetch(`${api}/orders`);
  assert.equal((await response.json()).code, 'session_ended');
  assert.deepEqual(world.requests, [`GET ${api}/orders`]);
  await world.settle();
  assert.deepEqual(tab.heard, ['Ada', null]);
});

test('a refresh that is refused is the answer, and tells of the end', async () => {
  const [world, tab] = signedIn();
  await tab.session();
  world.answers.set(`GET ${api}/orders`, orders());
  world.expire();
  world.end();
  const response = await tab.fetch(`${api}/orders`);
  assert.deepEqual([response.status, (await response.json()).code], [401, 'session_ended']);
  assert.equal(world.count(`GET ${api}/orders`), 1);
  await world.settle();
  assert.deepEqual(tab.heard, ['Ada', null]);
});

test('when nothing answers the refresh, the call fails and the next one can refresh', async () => {
  const [world, tab] = signedIn();
  world.answers.set(`GET ${api}/orders`, orders());
  world.answers.set('POST /refresh', () => {
    throw new TypeError('Failed to fetch');
  });
  world.expire();
  await assert.rejects(tab.fetch(`${api}/orders`), TypeError);
  world.answers.delete('POST /refresh');
  assert.equal((await tab.fetch(`${api}/orders`)).status, 200);
});

for (const [what, init, header] of [
  ['GET', {}, null],
  ['HEAD', { method: 'HEAD' }, null],
  ['JSON', { method: 'POST', headers: { 'content-type': 'application/json; charset=utf-8' }, body: '{}' }, null],
  ['a merge patch', { method: 'PATCH', headers: { 'content-type': 'application/merge-patch+json' }, body: '{}' }, null],
  ['DELETE without a body', { method: 'DELETE' }, 'fetch'],
  ['a form', { method: 'POST', body: new URLSearchParams({ a: '1' }) }, 'fetch'],
  ['text', { method: 'POST', body: 'a' }, 'fetch'],
]) {
  test(`${what} is sent ${header ? 'with' : 'without'} X-Requested-With, and with cookies`, async () => {
    const world = new World();
    let sent;
    world.fetch = async request => (sent = request, new Response());
    await world.tab().fetch(`${auth}/x`, init);
    assert.deepEqual([sent.headers.get('X-Requested-With'), sent.credentials], [header, 'include']);
  });
}

test('a Request is taken as fetch takes it', async () => {
  const [world, tab] = signedIn();
  world.answers.set(`POST ${api}/orders`, orders());
  world.expire();
  const response = await tab.fetch(new Request(`${api}/orders`, { method: 'POST', body: 'two chairs' }));
  assert.deepEqual(await response.json(), { method: 'POST', body: 'two chairs' });
});

test('a request that its caller gave up is not sent again', async () => {
  const [world, tab] = signedIn();
  const caller = new AbortController();
  world.answers.set(`GET ${api}/orders`, request => {
    request.signal.throwIfAborted();
    caller.abort();
    return problem(401, 'access_expired');
  });
  await assert.rejects(tab.fetch(`${api}/orders`, { signal: caller.signal }), { name: 'AbortError' });
  assert.equal(world.count('POST /refresh'), 1);
});
