import { request as open } from 'node:http';

/** The host names of the sites lead to the service's port on loopback: Node does not resolve *.localhost, and tests move the port. */
export function fetchAt(port) {
  return (url, { method = 'GET', headers = {}, body } = {}) => new Promise((done, fail) => {
    const { host, pathname, search } = new URL(url);
    const text = body === undefined || body === null ? undefined : String(body);
    const sent = { ...Object.fromEntries(new Headers(headers)), host };
    if (text !== undefined) {
      sent['content-length'] = Buffer.byteLength(text);
      if (body instanceof URLSearchParams) {
        sent['content-type'] ??= 'application/x-www-form-urlencoded;charset=UTF-8';
      }
    }

    const request = open({ host: '127.0.0.1', port, path: pathname + search, method, headers: sent, agent: false, timeout: 30000 }, response => {
      const chunks = [];
      response.on('data', chunk => chunks.push(chunk));
      response.on('error', fail);
      response.on('end', () => {
        const answer = new Headers();
        for (let i = 0; i < response.rawHeaders.length; i += 2) {
          answer.append(response.rawHeaders[i], response.rawHeaders[i + 1]);
        }

        const empty = [204, 205, 304].includes(response.statusCode);
        done(new Response(empty ? null : Buffer.concat(chunks), { status: response.statusCode, headers: answer }));
      });
    });
    request.on('timeout', () => request.destroy(new Error(`no answer from ${url}`)));
    request.on('error', fail);
    request.end(text);
  });
}

/** A person at a browser: keeps cookies, follows redirects on the auth host, fills in the sign-in page, and stops where a client is called back. */
export class Person {
  #cookies = new Map();
  #fetch;

  constructor(fetch) {
    this.#fetch = fetch;
  }

  /** Makes the account, and forgets the session that came with it. */
  async register(issuer, email, password) {
    const response = await this.#send(`${issuer}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: issuer },
      body: JSON.stringify({ email, password, name: 'Test Person' }),
    });
    if (response.status !== 201) {
      throw new Error(`registration: ${response.status} ${await response.text()}`);
    }

    this.#cookies.clear();
  }

  /** Walks from a URL of the auth host to the client's; signs in where asked to. */
  async walk(url, issuer, email, password) {
    let at = new URL(url);
    for (let steps = 0; steps < 10; steps++) {
      if (at.origin !== issuer) {
        return at;
      }

      let response = await this.#send(at);
      if (at.pathname === '/signin' && response.status === 200) {
        response = await this.#submit(`${issuer}/signin`, await response.text(), issuer, { email, password });
      }

      if (response.status !== 303) {
        throw new Error(`${at.pathname}: ${response.status} ${await response.text()}`);
      }

      at = new URL(response.headers.get('location'), at);
    }

    throw new Error(`too many redirects, at last to ${at.pathname}`);
  }

  /** Lets a device in on the page that its code leads to. */
  allowDevice(url, issuer) {
    return this.answerDevice(url, issuer, 'allow');
  }

  /** Answers whether a device is let in: `allow` or `deny`. */
  async answerDevice(url, issuer, choice) {
    const page = await this.#send(url);
    const answer = await this.#submit(`${issuer}/device`, await page.text(), issuer, { choice });
    if (answer.status !== 200) {
      throw new Error(`device page: ${answer.status} ${await answer.text()}`);
    }
  }

  #submit(url, page, origin, fields) {
    const hidden = [...page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [name, decode(value)]);
    return this.#send(url, { method: 'POST', headers: { origin }, body: new URLSearchParams({ ...Object.fromEntries(hidden), ...fields }) });
  }

  async #send(url, init = {}) {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await this.#fetch(url, { ...init, headers: { ...init.headers, ...(cookie && { cookie }) } });
    for (const set of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set);
      if (value) {
        this.#cookies.set(name, value);
      } else {
        this.#cookies.delete(name);
      }
    }

    return response;
  }
}

function decode(html) {
  return html.replace(/&#x([0-9a-f]+);/gi, (_, hex) => String.fromCodePoint(Number.parseInt(hex, 16)))
    .replace(/&#(\d+);/g, (_, number) => String.fromCodePoint(Number(number)))
    .replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** Says which steps were walked: the test reads them. */
export function step(name) {
  console.log(`step ${name}`);
}
