import assert from 'node:assert/strict';
import { test } from 'node:test';
import { app, auth, World } from './world.mjs';

/** What was opened, as path and parameters. */
function opened({ opened: [url, ...more] }) {
  assert.deepEqual(more, []);
  const { origin, pathname, searchParams } = new URL(url);
  assert.equal(origin, auth);
  return [pathname, Object.fromEntries(searchParams)];
}

test('signing in without credentials opens the page, and comes back to this one', async () => {
  const world = new World();
  await world.tab().signIn();
  assert.deepEqual(opened(world), ['/signin', { return_to: app.split('#')[0] }]);
});

test('the way back may be another, seen from this page', async () => {
  const world = new World();
  await world.tab().signIn({ returnTo: '/home?a=1&b=2' });
  assert.deepEqual(opened(world), ['/signin', { return_to: 'https://app.contoso.test/home?a=1&b=2' }]);
});

test('signing in from another site starts its handoff at this one', async () => {
  const world = new World();
  await world.tab().signIn({ from: 'fabrikam' });
  assert.deepEqual(opened(world), ['/handoff/start', { from: 'fabrikam', return_to: app.split('#')[0] }]);
});

test('a handoff leads to the other site: its home, or where it is told', () => {
  const home = new World();
  home.tab().handoff('fabrikam');
  assert.deepEqual(opened(home), ['/handoff', { to: 'fabrikam' }]);
  const there = new World();
  there.tab().handoff('fabrikam', 'https://app.fabrikam.test/desk');
  assert.deepEqual(opened(there), ['/handoff', { to: 'fabrikam', return_to: 'https://app.fabrikam.test/desk' }]);
});

test('no request is made by script for any of them', async () => {
  const world = new World();
  await world.tab().signIn();
  world.tab().handoff('fabrikam');
  assert.deepEqual(world.requests, []);
});
