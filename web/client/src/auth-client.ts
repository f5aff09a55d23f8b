import { AuthError, readProblem } from './auth-error.js';
import type { Session } from './session.js';
import { Tabs } from './tabs.js';

export interface AuthClientOptions {
  /** Sends the requests, in place of the browser's `fetch`: to log them, say. */
  fetch?: (request: Request) => Promise<Response>;
}

/** Signs in with a form of the app's own. */
export interface Credentials {
  email: string;
  password: string;
}

/** Signs in on the service's pages. */
export interface PageSignIn {
  /** Name of another site whose session is brought here by a handoff; without it, the sign-in page. */
  from?: string;
  /** Where to come back to; this page unless told otherwise. One of the site's return URLs. */
  returnTo?: string;
}

/** How long a refresh may take before other tabs get their turn. */
const refreshMilliseconds = 10_000;

/**
 * The browser's side of one site of AuthFunctions. Cookies do the work, in each cookie mode alike, and no script ever sees a token.
 * One for a page is enough.
 */
export class AuthClient {
  /** Origin of the site's auth host. */
  readonly url: string;

  readonly #send: (request: Request) => Promise<Response>;
  readonly #tabs: Tabs;
  readonly #listeners = new Set<(session: Session | null) => void>();

  /** Undefined until the service was first asked. */
  #known: Session | null | undefined;

  /** How often somebody signed in or out, as far as this tab knows: an answer to an older question does not count. */
  #epoch = 0;

  /** @param url The site's auth host, such as `https://auth.contoso.com`. */
  constructor(url: string | URL, { fetch: send = request => fetch(request) }: AuthClientOptions = {}) {
    this.url = new URL(url).origin;
    this.#send = send;
    this.#tabs = new Tabs(`authfunctions ${this.url}`, print => {
      if (this.#known !== undefined && print !== fingerprint(this.#known)) {
        this.#askAgain();
      }
    });

    // The Back button brings a page as it was left, signed in or not.
    globalThis.addEventListener?.('pageshow', ({ persisted }) => {
      if (persisted && this.#known !== undefined) {
        this.#askAgain();
      }
    });
  }

  /**
   * Who is signed in; null if nobody is. `fresh` asks the session's rows, and so hears at once of an end elsewhere.
   * @throws AuthError where the service cannot tell: an outage signs nobody out.
   */
  async session({ fresh = false } = {}): Promise<Session | null> {
    const epoch = this.#epoch;
    const response = await this.fetch(`${this.url}/session${fresh ? '?fresh=1' : ''}`);
    const session = response.ok ? await response.json() as Session : await orNobody(response);
    if (epoch !== this.#epoch) {
      return this.session({ fresh });
    }
    this.#learn(session);
    return session;
  }

  /** With credentials: signs in, ending the session there was. Without: leaves for the service's page, which comes back signed in. */
  signIn(credentials: Credentials): Promise<Session>;
  signIn(page?: PageSignIn): Promise<void>;
  async signIn(how: Credentials | PageSignIn = {}): Promise<Session | void> {
    if ('password' in how) {
      const response = await this.#post('/login', how);
      if (!response.ok) {
        throw await AuthError.from(response);
      }
      const { user, session } = await response.json() as Session;
      this.#epoch++;
      this.#learn({ user, session });
      return { user, session };
    }
    const returnTo = new URL(how.returnTo ?? '', location.href).href;
    this.#open(how.from ? '/handoff/start' : '/signin', { from: how.from, return_to: returnTo });
  }

  /** Ends this session on every root domain that it reaches; `everywhere`, all of the user's on every device. */
  async signOut({ everywhere = false } = {}): Promise<void> {
    const response = await this.#post(everywhere ? '/logout/all' : '/logout', {});
    if (!response.ok) {
      await orNobody(response);
    }
    this.#epoch++;
    this.#learn(null);
  }

  /** Leaves for another site with the session: for its home, or for one of its return URLs. */
  handoff(site: string, returnTo?: string): void {
    this.#open('/handoff', { to: site, return_to: returnTo });
  }

  /** Calls back with each change of who is signed in, in whichever tab, the first answer included; returns what ends that. */
  onChange(listener: (session: Session | null) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /**
   * The browser's `fetch`, with the session's cookies, for the service and for APIs that take its access token. Where the token has
   * expired it is refreshed and the request is sent once more. Where it cannot be refreshed, the answer is the refresh's.
   */
  async fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    const request = new Request(input, { credentials: 'include', ...init });

    // Neither can a foreign page's form send, which is how the service tells them apart.
    if (!/^(GET|HEAD)$/.test(request.method) && !/\bjson\b/.test(request.headers.get('Content-Type') ?? '')) {
      request.headers.set('X-Requested-With', 'fetch');
    }

    const seen = this.#tabs.refreshes;
    const { response, expired } = await this.#ask(request.clone());
    return expired
      ? await this.#refresh(seen) ?? (await this.#ask(request)).response
      : response;
  }

  async #ask(request: Request): Promise<{ response: Response; expired: boolean }> {
    const epoch = this.#epoch;
    const response = await this.#send(request);
    const code = response.status === 401 ? (await readProblem(response)).code : undefined;
    if (code === 'session_ended' && epoch === this.#epoch) {
      this.#learn(null);
    }

    // RFC 6750 §3.1: what APIs say that know nothing of our codes.
    const challenged = response.status === 401 && /error="invalid_token"/.test(response.headers.get('WWW-Authenticate') ?? '');
    return { response, expired: code ? code === 'access_expired' : challenged };
  }

  /** Sees to a new access token, unless another tab or request has since `seen`. Undefined if there is one, else the answer that refused. */
  async #refresh(seen: number): Promise<Response | undefined> {
    return this.#tabs.inTurn(async waited => {
      if (this.#tabs.refreshes !== seen) {
        return undefined;
      }

      // Who had the turn before us told what came of it, but the message may still be on its way. The cookie is not.
      if (waited) {
        const { response, expired } = await this.#ask(this.#request('/session'));
        if (response.ok) {
          this.#tabs.refreshes++;
          return undefined;
        }
        if (!expired) {
          return response;
        }
      }
      const { response } = await this.#ask(this.#request('/refresh', {}, AbortSignal.timeout(refreshMilliseconds)));
      if (!response.ok) {
        return response;
      }
      this.#tabs.tellRefreshed();
      return undefined;
    });
  }

  #post(path: string, body: object): Promise<Response> {
    return this.fetch(this.#request(path, body));
  }

  #request(path: string, body?: object, signal?: AbortSignal): Request {
    return new Request(this.url + path, {
      credentials: 'include',
      ...body && { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) },
      ...signal && { signal },
    });
  }

  #open(path: string, query: Record<string, string | undefined>): void {
    const url = new URL(path, this.url);
    for (const [name, value] of Object.entries(query)) {
      if (value) {
        url.searchParams.set(name, value);
      }
    }
    location.assign(url.href);
  }

  /** Hears from the service itself who is signed in now. If it cannot tell, the next request will. */
  #askAgain(): void {
    this.#epoch++;
    this.session().catch(() => {});
  }

  #learn(session: Session | null): void {
    const changed = this.#known === undefined || fingerprint(this.#known) !== fingerprint(session);
    this.#known = session;
    this.#tabs.tellSession(fingerprint(session));
    if (changed) {
      // Each on its own: one that throws keeps neither the others nor us from going on.
      this.#listeners.forEach(listener => queueMicrotask(() => listener(session)));
    }
  }
}

/** What must differ for a session to count as another. Dates come from token or row and may differ by a fraction. */
function fingerprint(session: Session | null): string {
  return session ? JSON.stringify([session.session.id, session.user.id, session.user.email, session.user.name]) : '';
}

/** Null for the refusal that means that nobody is signed in; any other is thrown. */
async function orNobody(response: Response): Promise<null> {
  const error = await AuthError.from(response);
  if (error.code === 'session_ended') {
    return null;
  }
  throw error;
}
