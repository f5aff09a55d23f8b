import { lookup as resolve } from 'node:dns';
import { request as openPlain } from 'node:http';
import { request as openSecure } from 'node:https';
import { siteOf } from './cookies.mjs';
import { Failure } from './failure.mjs';

const timeoutMilliseconds = 30000;

/**
 * An HTTP client that finds *.localhost, as browsers do and Node does not. With a cookie jar it stands in for a
 * browser: it sends the same cookies, Origin and Sec-Fetch headers. It follows no redirects.
 */
export class Client {
  #jar;
  #onExchange;

  constructor({ jar = null, onExchange = () => {} } = {}) {
    this.#jar = jar;
    this.#onExchange = onExchange;
  }

  /**
   * `json` or `form` is the body. `origin` is the page that sends the request; for a navigation, `chain` names the
   * origins that led here, since one foreign among them makes the whole cross-site.
   */
  async send(method, url, { headers = {}, json, form, origin, chain = origin ? [origin] : [], navigation = false } = {}) {
    const context = {
      sameSite: chain.every(link => siteOf(link) === siteOf(url)),
      navigation,
      safe: method === 'GET' || method === 'HEAD',
    };
    const body = json ? JSON.stringify(json) : form ? new URLSearchParams(form).toString() : undefined;
    const sent = Object.fromEntries(Object.entries({
      ...(this.#jar && browserHeaders(url, origin, chain, context)),
      'Content-Type': json ? 'application/json' : form ? 'application/x-www-form-urlencoded' : undefined,
      'Content-Length': body || !context.safe ? Buffer.byteLength(body ?? '') : undefined,
      Cookie: this.#jar?.header(url, context),
      ...headers,
    }).filter(([, value]) => value !== undefined));
    const response = await exchange(method, url, sent, body);
    this.#jar?.store(url, response.headers['set-cookie'] ?? [], context);
    this.#onExchange({ method, url, json, form, headers: sent, response });
    return response;
  }
}

function browserHeaders(url, origin, chain, { sameSite, navigation }) {
  const sameOrigin = chain.every(link => new URL(link).origin === new URL(url).origin);
  return {
    Origin: navigation ? undefined : origin,
    'Sec-Fetch-Site': chain.length === 0 ? 'none' : sameOrigin ? 'same-origin' : sameSite ? 'same-site' : 'cross-site',
    'Sec-Fetch-Mode': navigation ? 'navigate' : 'cors',
    'Sec-Fetch-Dest': navigation ? 'document' : 'empty',
    'Sec-Fetch-User': navigation ? '?1' : undefined,
  };
}

function exchange(method, url, headers, body) {
  return new Promise((done, fail) => {
    const open = new URL(url).protocol === 'https:' ? openSecure : openPlain;
    const request = open(url, { method, headers, lookup, timeout: timeoutMilliseconds, agent: false }, response => {
      let text = '';
      response.setEncoding('utf8').on('data', part => text += part).on('error', fail);
      response.on('end', () => done({ status: response.statusCode, headers: response.headers, text, body: readJson(response, text) }));
    });
    request.on('timeout', () => request.destroy(new Error(`no answer within ${timeoutMilliseconds / 1000} s`)));
    request.on('error', error => fail(new Failure(`${method} ${url} failed: ${error.message || error.code}`)));
    request.end(body);
  });
}

function readJson({ headers }, text) {
  if (!/[/+]json\b/.test(headers['content-type'] ?? '') || text === '') {
    return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    // The caller sees the text, and misses what it looks for.
    return undefined;
  }
}

function lookup(host, options, callback) {
  if (host !== 'localhost' && !host.endsWith('.localhost')) {
    resolve(host, options, callback);
  } else if (options.all) {
    callback(null, [{ address: '127.0.0.1', family: 4 }]);
  } else {
    callback(null, '127.0.0.1', 4);
  }
}
