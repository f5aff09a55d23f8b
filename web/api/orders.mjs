import '../../samples/orders-api-node/localhost.mjs';
import { accessTokenVerifier } from '../../samples/orders-api-node/access-token.mjs';
import { Refusal } from '../../samples/orders-api-node/refusal.mjs';
import { Client } from '../../scripts/lib/http.mjs';

const orders = [{ id: 1, what: 'Beans, 5 kg' }, { id: 2, what: 'Filters, 200' }];

/**
 * The demo's API, on a subdomain of contoso's, which shares its cookies with it (`Sites:contoso:CookieDomain`). It goes by them as
 * docs/browser-apps.md says: a token is checked here, a handle is introspected, and nobody but the site's own app may ask.
 */
export function ordersApi({ auth, app }) {
  const client = new Client();
  const verify = accessTokenVerifier({ resource: auth, issuers: [auth] });

  return async (request, response) => {
    response.setHeader('Vary', 'Origin');
    response.setHeader('Cache-Control', 'no-store');

    // SameSite does not tell subdomains apart, so that any of them could send the person's cookies along.
    if (request.headers.origin !== app) {
      return send(response, 403, { error: 'another origin' });
    }
    response.setHeader('Access-Control-Allow-Origin', app);
    response.setHeader('Access-Control-Allow-Credentials', 'true');
    if (request.method !== 'GET' || request.url !== '/orders') {
      return send(response, 404, { error: 'there is GET /orders' });
    }
    const user = await whoAsks(cookies(request));
    if (!user) {
      // By this the browser client knows that a refresh may help (RFC 6750 §3.1).
      response.setHeader('WWW-Authenticate', 'Bearer error="invalid_token"');
      response.setHeader('Access-Control-Expose-Headers', 'WWW-Authenticate');
      return send(response, 401, { error: 'invalid_token' });
    }
    return send(response, 200, { user, orders });
  };

  /** The user's id; null if nobody is signed in, as far as this API can tell. */
  async function whoAsks({ '__Secure-at': token, '__Secure-check': handle }) {
    if (handle) {
      const { body } = await client.send('POST', `${auth}/introspect`, {
        headers: { Authorization: `Basic ${btoa('demo-web:demo-web-secret')}` },
        form: { token: handle },
      });
      return body?.active ? body.sub : null;
    }
    try {
      return token ? (await verify(token)).sub : null;
    } catch (error) {
      // An outage says nothing about the token.
      if (error instanceof Refusal && error.status === 401) {
        return null;
      }
      throw error;
    }
  }
}

function cookies({ headers }) {
  return Object.fromEntries((headers.cookie ?? '').split(/; */).map(pair => [pair.split('=')[0], pair.slice(pair.indexOf('=') + 1)]));
}

function send(response, status, body) {
  response.writeHead(status, { 'Content-Type': 'application/json', 'X-Content-Type-Options': 'nosniff' });
  response.end(JSON.stringify(body));
}
