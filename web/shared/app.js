import { Auth } from './auth.js';
import { button, element, field, form, panel } from './elements.js';

const { site, other } = await (await fetch('/config.json')).json();
const log = element('ol', { className: 'log', tabIndex: 0, ariaLabel: 'Requests, newest first', role: 'list' });
const auth = new Auth(site.auth, (method, url, status) => log.prepend(
  element('li', { className: status >= 200 && status < 400 ? '' : 'bad' }, `${status || 'no answer'}  ${method} ${url}`)));
const status = element('p', { className: 'status wide', role: 'status' });
const view = element('div', { className: 'group' });

document.querySelector('#app').append(status, view,
  element('section', { className: 'panel wide' }, element('h2', {}, 'What happened'), log));
tellOfHandoff();
await show();

/** A handoff that failed says so in the address; a reload should not say it again. */
function tellOfHandoff() {
  const address = new URL(location.href);
  const error = address.searchParams.get('error');
  if (error) {
    say(`The handoff did not work: ${error}`, true);
    history.replaceState(null, '', address.pathname);
  }
}

/** Shows what the service says about the session, not what this page remembers. */
async function show() {
  const session = await auth.session();
  view.replaceChildren(...session.ok ? await signedIn(session.body) : signedOut());
}

function signedOut() {
  const email = { type: 'email', autocomplete: 'username', maxLength: 254 };
  return [
    panel('Sign in', form('Sign in', credentials => act(auth.signIn(credentials), 'Signed in.'),
      field('E-mail', 'email', email),
      field('Password', 'password', { type: 'password', autocomplete: 'current-password' }))),
    panel('New here?', form('Sign up', ({ name, ...account }) => act(auth.register({ ...account, name: name || undefined }), 'Welcome.'),
      field('Name', 'name', { autocomplete: 'name', required: false }),
      field('E-mail', 'email', email),
      field('Password', 'password', { type: 'password', autocomplete: 'new-password', minLength: 15, maxLength: 256 },
        '15 characters or more; a few words do well.'))),
    panel(`Signed in at ${title(other)}?`, element('p', {}, 'Then bring that session here.'),
      handoffLink('Continue with it', other, site)),
  ];
}

async function signedIn({ user, session }) {
  const { body } = await auth.sessions();
  return [
    panel('Your session',
      element('dl', {}, ...Object.entries({
        Name: user.name || '–',
        'E-mail': user.email,
        Site: session.site,
        Since: time(session.created_at),
        Until: time(session.expires_at),
      }).flatMap(([term, value]) => [element('dt', {}, term), element('dd', {}, value)])),
      element('div', { className: 'row' },
        handoffLink(`Open at ${title(other)}`, site, other),
        button('Refresh', () => act(auth.refresh(), 'Refreshed.')),
        button('Sign out', () => act(auth.signOut(), 'Signed out, on every site.')),
        button('Sign out everywhere', () => act(auth.signOutEverywhere(), 'Signed out on every device.')))),
    panel('Your devices', element('ul', { className: 'devices', role: 'list' },
      ...(body?.sessions ?? []).map(entry => device(entry, entry.id === session.id)))),
  ];
}

function device({ id, device: label, site: where, created_at: since }, isThis) {
  const name = `${label || 'Unknown device'}${isThis ? ' (this one)' : ''}`;
  const end = button('End', () => act(auth.end(id), 'Session ended.'));
  end.ariaLabel = `End the session of ${name}`;
  return element('li', {}, element('span', {}, `${name}, ${where}, since ${time(since)}`), end);
}

/** A handoff starts at the site that is to get the session, which binds it to this browser. */
function handoffLink(text, from, to) {
  const query = new URLSearchParams({ from: from.name, return_to: `${to.app}/` });
  return element('a', { className: 'button', href: `${to.auth}/handoff/start?${query}` }, text);
}

async function act(request, done) {
  const answer = await request;
  say(answer.ok ? done : answer.body?.detail ?? answer.body?.title ?? `It did not work (${answer.status}).`, !answer.ok);
  if (answer.ok || answer.status === 401 && answer.body?.code === 'session_ended') {
    await show();
  }
}

function say(text, isBad) {
  status.textContent = text;
  status.classList.toggle('bad', isBad);
}

function title({ name }) {
  return name[0].toUpperCase() + name.slice(1);
}

function time(value) {
  return new Date(value).toLocaleString();
}
