import { AuthClient } from '/client.js';
import { loggedFetch, sendJson } from './requests.js';
import { button, element, field, form, panel } from './elements.js';

const { site, other, cookieMode } = await (await fetch('/config.json')).json();
const log = element('ol', { className: 'log', tabIndex: 0, ariaLabel: 'Requests, newest first', role: 'list' });
const auth = new AuthClient(site.auth, {
  fetch: loggedFetch((method, url, status) => log.prepend(
    element('li', { className: status >= 200 && status < 400 ? '' : 'bad' }, `${status || 'no answer'}  ${method} ${url}`))),
});
const status = element('p', { className: 'status wide', role: 'status' });
const view = element('div', { className: 'group' });
let turns = 0;

document.querySelector('#app').append(status, view,
  element('section', { className: 'panel wide' }, element('h2', {}, 'What happened'), log));
tellOfHandoff();

// What happens in one tab shows in all.
auth.onChange(show);
await auth.session().catch(sayError);

/** A handoff that failed says so in the address; a reload should not say it again. */
function tellOfHandoff() {
  const address = new URL(location.href);
  const error = address.searchParams.get('error');
  if (error) {
    say(`The handoff did not work: ${error}`, true);
    history.replaceState(null, '', address.pathname);
  }
}

async function show(session) {
  const turn = ++turns;
  try {
    const panels = session ? await signedIn(session) : signedOut();
    if (turn === turns) {
      view.replaceChildren(...panels);
    }
  } catch (error) {
    sayError(error);
  }
}

function signedOut() {
  const email = { type: 'email', autocomplete: 'username', maxLength: 254 };
  return [
    panel('Sign in', form('Sign in', credentials => act(auth.signIn(credentials), 'Signed in.'),
      field('E-mail', 'email', email),
      field('Password', 'password', { type: 'password', autocomplete: 'current-password' }))),
    panel('New here?', form('Sign up', ({ name, ...account }) =>
      act(register({ ...account, name: name || undefined }), session => session ? 'Welcome.' : 'A mail is on its way: confirm the address.'),
      field('Name', 'name', { autocomplete: 'name', required: false }),
      field('E-mail', 'email', email),
      field('Password', 'password', { type: 'password', autocomplete: 'new-password', minLength: 15, maxLength: 256 },
        '15 characters or more; a few words do well.'))),
    panel(`Signed in at ${title(other)}?`, element('p', {}, 'Then bring that session here.'),
      button('Continue with it', () => auth.signIn({ from: other.name }), 'main')),
  ];
}

async function signedIn({ user, session }) {
  const { sessions } = await sendJson(auth, 'GET', '/sessions');
  return [
    panel('Your session',
      element('dl', {}, ...Object.entries({
        Name: user.name || '–',
        'E-mail': user.email,
        Site: session.site,
        Since: time(session.created_at),
        Until: time(session.expires_at),
        'Cookie mode': cookieMode,
      }).flatMap(([term, value]) => [element('dt', {}, term), element('dd', {}, value)])),
      element('div', { className: 'row' },
        button(`Open at ${title(other)}`, () => auth.handoff(other.name, `${other.app}/`), 'main'),
        button('Ask again', () => act(auth.session({ fresh: true }), 'Asked the rows.')),
        button('Sign out', () => act(auth.signOut(), 'Signed out, on every site.')),
        button('Sign out everywhere', () => act(auth.signOut({ everywhere: true }), 'Signed out on every device.')))),
    ...site.api ? [panel('Your orders',
      element('p', {}, `From ${new URL(site.api).host}, an API that checks the cookie it shares with this site.`),
      button('Load my orders', () => act(loadOrders(), ({ orders }) => `${orders.length} orders: ${orders.map(({ what }) => what).join('; ')}.`)))] : [],
    panel('Your devices', element('ul', { className: 'devices', role: 'list' }, ...sessions.map(device))),
  ];
}

function device({ id, device: label, sites, created_at: since, current }) {
  const name = `${label || 'Unknown device'}${current ? ' (this one)' : ''}`;
  const end = button('End', () => act(endDevice(id), 'Session ended.'));
  end.ariaLabel = `End the session of ${name}`;
  return element('li', {}, element('span', {}, `${name}, ${sites.join(', ')}, since ${time(since)}`), end);
}

/** The session that began, or null where the address has to be confirmed first. */
async function register(account) {
  await sendJson(auth, 'POST', '/register', account);
  return auth.session();
}

/** The client refreshes and asks again where the API says that the token has expired. */
async function loadOrders() {
  const response = await auth.fetch(`${site.api}/orders`);
  if (!response.ok) {
    throw new Error(`The API answered ${response.status}.`);
  }
  return response.json();
}

/** The list is shown anew whichever it was; had it been this one, nobody is signed in any more. */
async function endDevice(id) {
  await sendJson(auth, 'DELETE', `/sessions/${encodeURIComponent(id)}`, {});
  await show(await auth.session({ fresh: true }));
}

/** Waits for what was asked for, and says how it went: a text, or one made of the result. What changed, `show` is told. */
async function act(request, done) {
  try {
    const result = await request;
    say(typeof done === 'string' ? done : done(result));
  } catch (error) {
    sayError(error);
  }
}

function sayError(error) {
  // fetch throws no other where nothing answers.
  say(error instanceof TypeError ? 'The service does not answer.' : error.message, true);
}

function say(text, isBad = false) {
  status.textContent = text;
  status.classList.toggle('bad', isBad);
}

function title({ name }) {
  return name[0].toUpperCase() + name.slice(1);
}

function time(value) {
  return new Date(value).toLocaleString();
}
