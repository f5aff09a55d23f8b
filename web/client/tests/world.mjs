// A browser with any number of tabs, and a service: fakes of what the client meets, one world for each test.
import { AuthClient } from '../dist/index.js';

export const auth = 'https://auth.contoso.test';
export const app = 'https://app.contoso.test/orders?page=2#top';
export const ada = { email: 'ada@contoso.test', password: 'correct horse battery staple' };

const user = { id: 'u1', email: ada.email, name: 'Ada' };
const dates = { created_at: '2026-11-22T12:00:00+00:00', expires_at: '2027-02-20T12:00:00+00:00' };

export class World {
  /** Every request as `METHOD /path`, or with the origin where that is not the auth host's. */
  requests = [];
  opened = [];
  messages = [];
  cookies = new Map();

  /** Answers by `METHOD /path` that come in place of the service's own. */
  answers = new Map();

  /** Messages between tabs wait until `deliver()` while this is set. */
  holdsMessages = false;

  #live = new Set();
  #ids = 0;
  #pageshow = [];
  #channels = [];
  #held = [];
  #locks = new Map();

  constructor(mode = 'Hybrid') {
    this.mode = mode;
    Object.defineProperty(globalThis, 'navigator', { configurable: true, value: { locks: { request: (...args) => this.#lock(...args) } } });
    const world = this;
    globalThis.BroadcastChannel = class {
      constructor(name) {
        this.name = name;
        world.#channels.push(this);
      }

      postMessage(data) {
        world.messages.push(data);
        const others = world.#channels.filter(other => other !== this && other.name === this.name);
        const deliver = () => others.forEach(other => other.onmessage({ data: structuredClone(data) }));
        world.holdsMessages ? world.#held.push(deliver) : setImmediate(deliver);
      }
    };
    globalThis.location = { href: app, assign: url => this.opened.push(url) };
    globalThis.addEventListener = (type, listener) => type === 'pageshow' && this.#pageshow.push(listener);
  }

  /** Opens a tab; what it hears is kept in `heard`. */
  tab() {
    const client = new AuthClient(auth, { fetch: request => this.fetch(request) });
    client.heard = [];
    client.onChange(session => client.heard.push(session?.user.name ?? null));
    return client;
  }

  tabs(count) {
    return Array.from({ length: count }, () => this.tab());
  }

  signIn(id = `s${++this.#ids}`) {
    this.#live.add(id);
    this.cookies = new Map([['sid', id]]);
    if (this.mode !== 'Stateful') {
      this.cookies.set('at', { session: id, expired: false });
    }
    if (this.mode === 'Stateless') {
      this.cookies.set('rt', { session: id, generation: 0 });
      this.generation = 0;
    }
    return id;
  }

  /** Lets the access token expire; in Stateful mode there is none. */
  expire() {
    this.cookies.get('at') && (this.cookies.get('at').expired = true);
  }

  /** Ends the session on the server, as another device does. */
  end() {
    this.#live.clear();
  }

  deliver() {
    this.#held.splice(0).forEach(message => message());
  }

  comeBack() {
    this.#pageshow.forEach(listener => listener({ persisted: true }));
  }

  count(request) {
    return this.requests.filter(made => made === request).length;
  }

  /** Until nothing moves any more. */
  async settle() {
    for (let i = 0; i < 50; i++) {
      await new Promise(resolve => setImmediate(resolve));
    }
  }

  async fetch(request) {
    const { origin, pathname, search } = new URL(request.url);
    const line = `${request.method} ${origin === auth ? '' : origin}${pathname}${search}`;
    this.requests.push(line);

    // On its way: a cookie is what it was when the request left.
    const cookies = request.credentials === 'include' ? structuredClone(this.cookies) : new Map();
    const body = request.method === 'GET' ? undefined : await request.text();
    await new Promise(resolve => setImmediate(resolve));
    if (request.method !== 'GET' && request.headers.get('Content-Type') !== 'application/json' && !request.headers.has('X-Requested-With')) {
      return problem(403, 'cross_site');
    }
    return await this.answers.get(line)?.(request, cookies, body) ?? this.#serve(line, cookies, body && JSON.parse(body));
  }

  #serve(line, cookies, body) {
    switch (line.split('?')[0]) {
      case 'GET /session': {
        const access = this.mode === 'Stateful' ? { session: cookies.get('sid'), expired: false } : cookies.get('at');
        return access?.expired ? problem(401, 'access_expired')
          : !access || this.mode === 'Stateful' && !this.#live.has(access.session) ? problem(401, 'session_ended')
          : line.endsWith('fresh=1') && !this.#live.has(access.session) ? problem(401, 'session_ended')
          : Response.json(answer(access.session));
      }

      case 'POST /refresh':
        return this.#refresh(cookies);

      case 'POST /login':
        return body.password === ada.password ? Response.json({ ...answer(this.signIn()), id_token: 'x', expires_in: 300 })
          : problem(401, 'invalid_credentials');

      case 'POST /logout':
      case 'POST /logout/all':
        this.end();
        this.cookies = new Map();
        return cookies.has('sid') ? new Response(null, { status: 204 }) : problem(401, 'session_ended');

      default:
        return problem(404, 'not_found');
    }
  }

  /** Without any leeway: a refresh token that comes twice ends the session, so that a race between tabs shows. */
  #refresh(cookies) {
    const id = cookies.get(this.mode === 'Stateless' ? 'rt' : 'sid')?.session ?? cookies.get('sid');
    const reused = this.mode === 'Stateless' && cookies.get('rt')?.generation !== this.generation;
    if (!this.#live.has(id) || reused) {
      this.end();
      this.cookies = new Map();
      return problem(401, 'session_ended');
    }
    if (this.mode === 'Stateless') {
      this.cookies.set('rt', { session: id, generation: ++this.generation });
    }
    this.cookies.set('at', { session: id, expired: false });
    return Response.json({ ...answer(id), id_token: 'x', expires_in: 300 });
  }

  /** Web Locks: exclusive, first come first served. */
  async #lock(name, ...rest) {
    const [options, callback] = rest.length === 2 ? rest : [{}, rest[0]];
    const before = this.#locks.get(name);
    if (before && options.ifAvailable) {
      return callback(null);
    }
    const mine = (async () => {
      await before?.catch(() => {});

      // The lock travels between tabs too, and is usually overtaken by what was said before it was let go.
      await new Promise(resolve => setImmediate(() => setImmediate(resolve)));
      return callback({ name });
    })();
    this.#locks.set(name, mine);
    try {
      return await mine;
    } finally {
      this.#locks.get(name) === mine && this.#locks.delete(name);
    }
  }
}

export function problem(status, code, headers = {}) {
  return new Response(JSON.stringify({ type: 'about:blank', status, code, detail: `Because of ${code}.` }),
    { status, headers: { 'Content-Type': 'application/problem+json', ...headers } });
}

function answer(id) {
  return { user, session: { id, site: 'contoso', ...dates } };
}
