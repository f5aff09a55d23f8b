import { CookieJar } from './cookies.mjs';
import { printExchange } from './console.mjs';
import { Client } from './http.mjs';
import { expect, expectAnswer, expectThat } from './steps.mjs';

const mostRedirects = 10;

/** What a person does in a browser: an account at contoso, carried over to fabrikam, and everything ended at once. */
export class BrowserWalk {
  #browser = new Client({ jar: new CookieJar(), onExchange: printExchange });
  #contoso;
  #fabrikam;
  #account;

  constructor([contoso, fabrikam], account) {
    this.#contoso = contoso;
    this.#fabrikam = fabrikam;
    this.#account = account;
  }

  async begin(steps) {
    await steps.run('Register at contoso, as its app does', async () => {
      const answer = await this.#post('/register', this.#account);
      expectAnswer(answer, 201);
      expect('e-mail', answer.body.user?.email, this.#account.email);
      expectThat(!answer.body.access_token && !answer.body.refresh_token, 'a browser got tokens it should not see');
    });
    await steps.run('Sign in again: the new session takes the place of the first', async () => {
      const { email, password } = this.#account;
      expectAnswer(await this.#post('/login', { email, password }), 200);
    });
    await steps.run('Read the session from the access token in the cookie', () => this.#isSignedIn(this.#contoso));
    await steps.run('Refresh: new cookies, the same session', async () => {
      expectAnswer(await this.#post('/refresh', {}), 200);
    });
    await steps.run("List the person's devices", async () => {
      const answer = await this.#get(this.#contoso, '/sessions');
      expectAnswer(answer, 200);
      expect('number of sessions', answer.body.sessions?.length, 1);
    });
  }

  async crossOver(steps) {
    await steps.run('Hand the session off to fabrikam, another root domain', async () => {
      const query = new URLSearchParams({ from: this.#contoso.name, return_to: `${this.#fabrikam.app}/` });
      expect('landing page', await this.#navigate(`${this.#fabrikam.auth}/handoff/start?${query}`), `${this.#fabrikam.app}/`);
    });
    await steps.run('Read the session at fabrikam: the same person, signed in', () => this.#isSignedIn(this.#fabrikam));
  }

  async end(steps) {
    await steps.run('Sign out at contoso', async () => {
      expectAnswer(await this.#post('/logout', {}), 204);
    });
    await steps.run('At fabrikam the session is over too', async () => {
      expectAnswer(await this.#get(this.#fabrikam, '/session?fresh=1'), 401, 'session_ended');
    });
  }

  async #isSignedIn(site) {
    const answer = await this.#get(site, '/session');
    expectAnswer(answer, 200);
    expect('e-mail', answer.body.user?.email, this.#account.email);
    expect('site', answer.body.session?.site, site.name);
  }

  /** Follows redirects by hand, as far as the service sends them; returns the address they lead out to. */
  async #navigate(start) {
    let url = start;
    const chain = [this.#contoso.app];
    for (let hop = 0; hop < mostRedirects; hop++) {
      const answer = await this.#browser.send('GET', url, { chain, navigation: true });
      expectAnswer(answer, 303);
      chain.push(new URL(url).origin);
      url = new URL(answer.headers.location, url).href;
      if (![this.#contoso.auth, this.#fabrikam.auth].includes(new URL(url).origin)) {
        return url;
      }
    }
    return `nowhere after ${mostRedirects} redirects`;
  }

  #post(path, json) {
    return this.#browser.send('POST', `${this.#contoso.auth}${path}`, { json, origin: this.#contoso.app });
  }

  #get(site, path) {
    return this.#browser.send('GET', `${site.auth}${path}`, { origin: site.app });
  }
}
