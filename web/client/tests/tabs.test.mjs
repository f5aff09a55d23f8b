import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ada, problem, World } from './world.mjs';

const names = sessions => sessions.map(session => session?.user.name);

for (const mode of ['Hybrid', 'Stateless']) {
  test(`${mode}: twenty tabs that wake at once make one refresh, and stay signed in`, async () => {
    const world = new World(mode);
    world.signIn();
    const tabs = world.tabs(20);
    world.expire();
    assert.deepEqual(names(await Promise.all(tabs.map(tab => tab.session()))), Array(20).fill('Ada'));
    assert.equal(world.count('POST /refresh'), 1);

    // Each asked, and once more after the refresh: those that waited heard of it.
    assert.equal(world.count('GET /session'), 40);
  });

  test(`${mode}: and so do they when the messages between them come too late`, async () => {
    const world = new World(mode);
    world.signIn();
    const tabs = world.tabs(20);
    world.expire();
    world.holdsMessages = true;
    assert.deepEqual(names(await Promise.all(tabs.map(tab => tab.session()))), Array(20).fill('Ada'));
    assert.equal(world.count('POST /refresh'), 1);
  });
}

test('Stateful: twenty tabs have nothing to refresh', async () => {
  const world = new World('Stateful');
  world.signIn();
  await Promise.all(world.tabs(20).map(tab => tab.session()));
  assert.equal(world.count('POST /refresh'), 0);
});

test('twenty requests of one tab make one refresh', async () => {
  const world = new World();
  world.signIn();
  const tab = world.tab();
  world.expire();
  await Promise.all(Array.from({ length: 20 }, () => tab.session()));
  assert.equal(world.count('POST /refresh'), 1);
});

test('a request that was sent before another tab refreshed is only sent again', async () => {
  const world = new World();
  world.signIn();
  const [slow, quick] = world.tabs(2);
  world.expire();
  let release;
  world.answers.set('GET /session?fresh=1', async () => {
    world.answers.clear();
    await new Promise(resolve => release = resolve);
    return problem(401, 'access_expired');
  });
  const late = slow.session({ fresh: true });
  await world.settle();
  await quick.session();
  await world.settle();
  release();
  assert.equal((await late).user.name, 'Ada');
  assert.equal(world.count('POST /refresh'), 1);
});

test('the next expiry is refreshed again', async () => {
  const world = new World();
  world.signIn();
  const tabs = world.tabs(3);
  for (let round = 1; round <= 3; round++) {
    world.expire();
    await Promise.all(tabs.map(tab => tab.session()));
    await world.settle();
    assert.equal(world.count('POST /refresh'), round);
  }
});

test('a tab that waited for one whose refresh failed refreshes itself', async () => {
  const world = new World();
  world.signIn();
  const [first, second] = world.tabs(2);
  world.expire();
  world.answers.set('POST /refresh', () => {
    world.answers.clear();
    return problem(503, 'unavailable');
  });
  const [one, two] = await Promise.allSettled([first.session(), second.session()]);
  assert.deepEqual([one.reason.code, two.value.user.name], ['unavailable', 'Ada']);
  assert.equal(world.count('POST /refresh'), 2);
});

test('twenty tabs of an ended session learn it, and none goes on refreshing', async () => {
  const world = new World();
  world.signIn();
  const tabs = world.tabs(20);
  await Promise.all(tabs.map(tab => tab.session()));
  world.end();
  world.expire();
  assert.deepEqual(await Promise.all(tabs.map(tab => tab.session())), Array(20).fill(null));
  await world.settle();
  assert.equal(world.count('POST /refresh'), 1);
  assert.ok(tabs.every(tab => tab.heard.length === 2 && tab.heard[1] === null));
});

test('signing in and out in one tab is heard in the others, once', async () => {
  const world = new World();
  const tabs = world.tabs(3);
  await Promise.all(tabs.map(tab => tab.session()));
  await tabs[0].signIn(ada);
  await world.settle();
  await tabs[1].signOut();
  await world.settle();
  assert.deepEqual(tabs.map(tab => tab.heard), Array(3).fill([null, 'Ada', null]));
});

test('a tab that comes back from the sign-in page tells those that still show nobody', async () => {
  const world = new World();
  const old = world.tab();
  await old.session();
  world.signIn();
  await world.tab().session();
  await world.settle();
  assert.deepEqual(old.heard, [null, 'Ada']);
});

test('what another tab saw is asked of the service, not believed', async () => {
  const world = new World();
  world.signIn();
  const [tab, stale] = world.tabs(2);
  await tab.session();
  await world.settle();
  world.answers.set('GET /session?fresh=1', () => problem(401, 'session_ended'));
  await stale.session({ fresh: true });
  await world.settle();
  assert.deepEqual([tab.heard, stale.heard.at(-1)], [['Ada'], 'Ada']);
});

test('tabs that agree ask nothing more of the service', async () => {
  const world = new World();
  world.signIn();
  await Promise.all(world.tabs(20).map(tab => tab.session()));
  await world.settle();
  assert.equal(world.requests.length, 20);
});

test('what was said already is not said again', async () => {
  const world = new World();
  world.signIn();
  const [tab, other] = world.tabs(2);
  await tab.session();
  await world.settle();
  await tab.session();
  await other.session();
  assert.equal(world.messages.length, 1);
});
