// The same malformed and hostile requests go to the service and to oidc-provider, a certified server. Where they answer differently,
// docs/second-opinion.md has a row with the reason; a row too few or too many fails. Usage: node second-opinion.mjs PORT
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { fetchAt, step } from './browser.mjs';
import { startProvider } from './second-opinion-provider.mjs';
import { requests } from './second-opinion-requests.mjs';

const page = new URL('../../docs/second-opinion.md', import.meta.url);
const discovery = '/.well-known/openid-configuration';

class Server {
  constructor(issuer, port) {
    this.issuer = issuer;
    this.fetch = fetchAt(port);
  }

  async open() {
    this.endpoints = { discovery: this.issuer + discovery, ...await (await this.fetch(this.issuer + discovery)).json() };
    const response = await this.#send(requests(null).find(({ name }) => name === 'token: valid'));
    this.accessToken = (await response.json()).access_token;
    assert.ok(this.accessToken, `${this.issuer} issues no token`);
    return this;
  }

  /** What each request is answered, by its name. */
  async answers() {
    const seen = new Map();
    for (const request of requests(this.accessToken)) {
      assert.ok(!seen.has(request.name), `two requests are called ${request.name}`);
      seen.set(request.name, await this.#read(await this.#send(request)));
    }
    return seen;
  }

  #send({ endpoint, method = 'GET', query, form, body, headers = {} }) {
    const url = new URL(this.endpoints[endpoint]);
    url.search = new URLSearchParams(pairs(query));
    return this.fetch(url.href, { method, headers, body: form ? new URLSearchParams(pairs(form)) : body });
  }

  async #read(response) {
    const { status, headers } = response;
    const text = await response.text();
    const location = headers.has('location') ? new URL(headers.get('location'), this.issuer) : null;
    const to = location && (location.origin === new URL(this.issuer).origin ? 'a page' : location.origin.includes('app.contoso') ? 'the client' : location.href);
    const challenge = headers.get('www-authenticate');
    return {
      status: to ? `to ${to}` : `${status}`,
      error: location?.searchParams.get('error') ?? errorIn(text, headers.get('content-type') ?? '') ?? '–',
      'no-store': /no-store/.test(headers.get('cache-control')) ? 'yes' : 'no',
      challenge: challenge ? [...challenge.matchAll(/(?:^|, )(Basic|Bearer|DPoP)\b/g)].map(([, scheme]) => scheme).join(', ') : '–',
    };
  }
}

function pairs(parameters = {}) {
  return Object.entries(parameters).flatMap(([name, value]) => [value].flat().filter(one => one !== null).map(one => [name, one]));
}

function errorIn(text, type) {
  if (type.includes('html')) {
    return /<code>([a-z_]+)<\/code>/.exec(text)?.[1];
  }
  const json = type.includes('json') && text ? JSON.parse(text) : {};
  return json.error ?? json.code;
}

/** Rows `| request | what | the service | oidc-provider | why |` of the page; `why` is a letter that the page explains. */
async function listed() {
  const text = await readFile(page, 'utf8');
  const rows = [...text.matchAll(/^\| (\w+: [^|]+) \| (\S+) \| ([^|]+) \| ([^|]+) \| ([A-Z]) \|$/gm)].map(([, ...cells]) => cells);
  const reasons = new Set([...text.matchAll(/^- \*\*([A-Z])\*\* \S.{20}/gm)].map(([, letter]) => letter));
  for (const [request, , , , why] of rows) {
    assert.ok(reasons.has(why), `${request}: there is no reason ${why}`);
  }
  assert.deepEqual([...reasons].sort(), [...new Set(rows.map(row => row[4]))].sort(), 'reasons that no row names');
  return rows.map(row => row.slice(0, 4).join(' | '));
}

const provider = await startProvider();
try {
  const service = await new Server('http://auth.contoso.localhost:7071', Number(process.argv[2])).open();
  const other = await new Server(provider.origin, provider.port).open();
  const [ours, theirs] = [await service.answers(), await other.answers()];
  assert.ok(ours.size >= 60);
  assert.deepEqual([...ours].filter(([, { status }]) => status.startsWith('5')), []);
  step('the same requests');

  const found = [...ours].flatMap(([name, answer]) => Object.keys(answer)
    .filter(what => answer[what] !== theirs.get(name)[what])
    .map(what => `${name} | ${what} | ${answer[what]} | ${theirs.get(name)[what]}`));
  const known = await listed();
  const [missing, stale] = [found.filter(row => !known.includes(row)), known.filter(row => !found.includes(row))];
  assert.ok(missing.length + stale.length === 0,
    `${missing.length} differences have no row:\n${missing.map(row => `| ${row} | ? |`).join('\n')}\n${stale.length} rows have no difference:\n${stale.join('\n')}`);
  step('each difference has its reason');
} finally {
  provider.stop();
}
process.exit();
