import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AuthError } from '../dist/index.js';
import { ada, problem, World } from './world.mjs';

for (const mode of ['Hybrid', 'Stateless', 'Stateful']) {
  test(`${mode}: signs in, outlives the access token, signs out`, async () => {
    const world = new World(mode);
    const tab = world.tab();
    assert.equal(await tab.session(), null);
    const { user, session } = await tab.signIn(ada);
    assert.deepEqual([user.name, session.site], ['Ada', 'contoso']);
    world.expire();
    assert.equal((await tab.session()).session.id, session.id);
    assert.equal(world.count('POST /refresh'), mode === 'Stateful' ? 0 : 1);
    await tab.signOut();
    assert.equal(await tab.session(), null);
    assert.deepEqual(tab.heard, [null, 'Ada', null]);
  });

  test(`${mode}: a session that was ended elsewhere is over, without a retry`, async () => {
    const world = new World(mode);
    world.signIn();
    const tab = world.tab();
    await tab.session();
    world.end();
    world.expire();
    world.requests = [];
    assert.equal(await tab.session(), null);
    assert.deepEqual(world.requests, mode === 'Stateful' ? ['GET /session'] : ['GET /session', 'POST /refresh']);
    await world.settle();
    assert.deepEqual(tab.heard, ['Ada', null]);
  });
}

test('a fresh look asks the rows, and hears of the end within the life of the access token', async () => {
  const world = new World();
  world.signIn();
  const tab = world.tab();
  await tab.session();
  world.end();
  assert.equal((await tab.session()).user.name, 'Ada');
  assert.equal(await tab.session({ fresh: true }), null);
});

test('an outage is an error, and signs nobody out', async () => {
  const world = new World();
  world.signIn();
  const tab = world.tab();
  await tab.session();
  world.answers.set('GET /session', () => problem(503, 'unavailable', { 'Retry-After': '3' }));
  await assert.rejects(tab.session(), error => {
    assert.ok(error instanceof AuthError);
    assert.deepEqual([error.status, error.code, error.retryAfter, error.message], [503, 'unavailable', 3, 'Because of unavailable.']);
    return true;
  });
  assert.deepEqual(tab.heard, ['Ada']);
});

test('an outage of the refresh is its own error, and signs nobody out', async () => {
  const world = new World();
  world.signIn();
  const tab = world.tab();
  await tab.session();
  world.expire();
  world.answers.set('POST /refresh', () => problem(503, 'unavailable'));
  await assert.rejects(tab.session(), { status: 503, code: 'unavailable' });
  world.answers.clear();
  assert.equal((await tab.session()).user.name, 'Ada');
  assert.deepEqual(tab.heard, ['Ada']);
});

test('an answer that is not JSON is an error with its status', async () => {
  const world = new World();
  world.answers.set('GET /session', () => new Response('<h1>Bad gateway</h1>', { status: 502 }));
  await assert.rejects(world.tab().session(), { status: 502, code: '', message: 'The service answered 502.' });
});

test('a wrong password is an error with its code, and changes nothing', async () => {
  const world = new World();
  const tab = world.tab();
  await assert.rejects(tab.signIn({ ...ada, password: 'wrong' }), { status: 401, code: 'invalid_credentials' });
  assert.deepEqual(tab.heard, []);
});

test('signing in shows no token', async () => {
  const world = new World();
  assert.deepEqual(Object.keys(await world.tab().signIn(ada)), ['user', 'session']);
});

test('signing out when the session is gone already is no error', async () => {
  const world = new World();
  const tab = world.tab();
  await tab.signOut();
  assert.deepEqual(tab.heard, [null]);
});

test('signing out that the service could not do is an error, and nobody is told of it', async () => {
  const world = new World();
  world.signIn();
  const tab = world.tab();
  await tab.session();
  world.answers.set('POST /logout', () => problem(503, 'unavailable'));
  await assert.rejects(tab.signOut(), { code: 'unavailable' });
  assert.deepEqual(tab.heard, ['Ada']);
});

test('signing out everywhere is a request of its own', async () => {
  const world = new World();
  world.signIn();
  await world.tab().signOut({ everywhere: true });
  assert.deepEqual(world.requests, ['POST /logout/all']);
});

test('an answer that was on its way while this tab signed out does not sign it in again', async () => {
  const world = new World();
  world.signIn();
  const tab = world.tab();
  let release;
  world.answers.set('GET /session', async () => {
    world.answers.clear();
    await new Promise(resolve => release = resolve);
  });
  const late = tab.session();
  await world.settle();
  world.answers.set('GET /session', () => problem(401, 'session_ended'));
  await tab.signOut();
  release();
  assert.equal(await late, null);
  assert.deepEqual(tab.heard, [null]);
});

test('a listener is called once for each change, and no more once it left', async () => {
  const world = new World();
  world.signIn();
  const tab = world.tab();
  const heard = [];
  const leave = tab.onChange(session => heard.push(session));
  await tab.session();
  await tab.session();
  assert.equal(heard.length, 1);
  leave();
  await tab.signOut();
  assert.equal(heard.length, 1);
  assert.deepEqual(tab.heard, ['Ada', null]);
});

test('the Back button after signing out shows nobody signed in', async () => {
  const world = new World();
  world.signIn();
  const tab = world.tab();
  await tab.session();
  world.end();
  world.cookies.clear();
  world.comeBack();
  await world.settle();
  assert.deepEqual(tab.heard, ['Ada', null]);
});
