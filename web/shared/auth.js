/** The browser's side of the service: cookies do the work, and no script ever sees a token. */
export class Auth {
  #url;
  #onCall;

  /** `onCall` is told of every request: method, URL and status (0 when nothing answered). */
  constructor(url, onCall) {
    this.#url = url;
    this.#onCall = onCall;
  }

  register(account) { return this.#call('POST', '/register', account); }
  signIn(credentials) { return this.#call('POST', '/login', credentials); }
  refresh() { return this.#call('POST', '/refresh', {}); }
  signOut() { return this.#call('POST', '/logout', {}); }
  signOutEverywhere() { return this.#call('POST', '/logout/all', {}); }
  sessions() { return this.#call('GET', '/sessions'); }
  end(id) { return this.#call('DELETE', `/sessions/${encodeURIComponent(id)}`, {}); }

  /** The session, refreshed first where only the access token had expired. */
  async session() {
    const answer = await this.#call('GET', '/session');
    if (answer.body?.code !== 'access_expired' || !(await this.refresh()).ok) {
      return answer;
    }
    return this.#call('GET', '/session');
  }

  async #call(method, path, json) {
    const url = this.#url + path;
    try {
      const response = await fetch(url, {
        method,
        credentials: 'include',
        headers: json && { 'Content-Type': 'application/json' },
        body: json && JSON.stringify(json),
      });
      const text = await response.text();
      this.#onCall(method, url, response.status);
      return { ok: response.ok, status: response.status, body: readJson(text) };
    } catch {
      this.#onCall(method, url, 0);
      return { ok: false, status: 0, body: { title: 'The service does not answer.' } };
    }
  }
}

function readJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    // Nothing in it, or a page of some proxy between.
    return null;
  }
}
