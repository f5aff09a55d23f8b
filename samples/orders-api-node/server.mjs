// An API that takes the access tokens of AuthFunctions, bound to a key (DPoP) or not. Usage: node --import ./localhost.mjs server.mjs [--port 5181]
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { accessTokenVerifier } from './access-token.mjs';
import { proofVerifier } from './dpop.mjs';
import { Refusal } from './refusal.mjs';

const { values: { port, issuer: issuers } } = parseArgs({
  options: {
    port: { type: 'string', default: '5181' },
    issuer: { type: 'string', multiple: true, default: ['http://auth.contoso.localhost:7071', 'http://auth.fabrikam.localhost:7071'] },
  },
});
const resource = 'https://orders.example';
const metadataPath = '/.well-known/oauth-protected-resource';
const maxBodyBytes = 16 * 1024;

// What clients call this API by: proofs are made for it. Configured, because a request's Host says whatever its sender likes.
const origin = `http://127.0.0.1:${port}`;

// RFC 9728: whose tokens, how they are sent, and what for.
const metadata = {
  resource,
  authorization_servers: issuers,
  scopes_supported: ['orders.read', 'orders.write'],
  bearer_methods_supported: ['header'],
  dpop_signing_alg_values_supported: ['ES256'],
  dpop_bound_access_tokens_required: false,
  resource_documentation: `${resource}/docs`,
};

const verifyToken = accessTokenVerifier({ resource, issuers });
const verifyProof = proofVerifier();
const orders = [];

const routes = {
  [metadataPath]: {
    GET: { answer: () => ({ body: metadata, headers: { 'Cache-Control': 'public, max-age=3600', 'Access-Control-Allow-Origin': '*' } }) },
  },
  '/orders': {
    GET: {
      scope: 'orders.read',
      answer: caller => ({ body: orders.filter(({ owner }) => owner === ownerOf(caller)).map(({ owner, ...order }) => order) }),
    },
    POST: {
      scope: 'orders.write',
      answer: async (caller, request) => {
        const { item, quantity } = await readJson(request);
        const order = { id: orders.length + 1, item, quantity };
        orders.push({ owner: ownerOf(caller), ...order });
        return { status: 201, body: order };
      },
    },
  },
};

createServer(async (request, response) => {
  try {
    send(response, await answer(request));
  } catch (error) {
    refuse(request, response, error);
  }
}).listen(Number(port), '127.0.0.1', () => console.log(`Listening on ${origin}`));

async function answer(request) {
  const methods = routes[request.url.split('?')[0]];
  const route = methods?.[request.method];
  if (!methods) {
    throw new Refusal(404, null, 'there is nothing here');
  }
  if (!route) {
    throw new Refusal(405, null, 'not this method');
  }
  return route.answer(route.scope && await authorize(request, route.scope), request);
}

/** The claims of the access token, if it opens this: as a Bearer token (RFC 6750 §2.1), or with a proof of its key (RFC 9449 §7.1). */
async function authorize(request, scope) {
  const [, scheme, token] = schemeAndToken(request) ?? [];
  if (!token) {
    throw Refusal.unauthenticated();
  }
  const claims = await verifyToken(token);
  if (isDpop(scheme)) {
    const [proof, ...more] = request.headersDistinct.dpop ?? [];
    if (more.length > 0) {
      throw Refusal.invalidProof('more than one proof');
    }
    await verifyProof({ proof, method: request.method, url: origin + request.url, accessToken: token, claims });
  } else if (claims.cnf) {
    // RFC 9449 §7.2: else a thief would only have to leave the proof out.
    throw Refusal.invalidToken('the access token is bound to a key, and needs a proof');
  }
  if (!String(claims.scope ?? '').split(' ').includes(scope)) {
    throw Refusal.insufficientScope(scope);
  }
  return claims;
}

function schemeAndToken(request) {
  const { authorization = [] } = request.headersDistinct;
  return authorization.length === 1 ? /^(Bearer|DPoP) +([\w.~+/=-]+)$/i.exec(authorization[0]) : null;
}

function isDpop(scheme) {
  return scheme.toLowerCase() === 'dpop';
}

/** A subject is told apart by its issuer's word alone (RFC 9068 §2.2): two of them may use one name for two people. */
function ownerOf({ iss, sub }) {
  return `${iss} ${sub}`;
}

async function readJson(request) {
  const parts = [];
  let length = 0;
  for await (const part of request) {
    length += part.length;
    if (length > maxBodyBytes) {
      throw new Refusal(413, null, 'the body is too long');
    }
    parts.push(part);
  }
  try {
    return Object(JSON.parse(Buffer.concat(parts).toString()));
  } catch {
    throw new Refusal(400, null, 'the body is no JSON');
  }
}

function refuse(request, response, error) {
  if (!(error instanceof Refusal)) {
    console.error(error);
    return send(response, { status: 500, body: { message: 'something went wrong' } });
  }
  const { status } = error;
  const scheme = isDpop(schemeAndToken(request)?.[1] ?? '') ? 'DPoP' : 'Bearer';
  send(response, {
    status,
    body: { message: error.message },
    headers: {
      ...[401, 403].includes(status) && { 'WWW-Authenticate': error.challenges(scheme, resource + metadataPath) },
      ...status === 405 && { Allow: Object.keys(routes[request.url.split('?')[0]]).join(', ') },
      ...status === 503 && { 'Retry-After': '5' },
    },
  });
}

function send(response, { status = 200, body, headers = {} }) {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...headers });
  response.end(JSON.stringify(body));
}
