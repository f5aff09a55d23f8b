import { generateKeyPair, exportJWK } from 'jose';

// It asks for URL.parse, which Node 20 lacks.
URL.parse ??= (text, base) => URL.canParse(text, base) ? new URL(text, base) : null;

const orders = 'https://orders.example';
const app = 'http://app.contoso.localhost:5173';
const sessionScope = 'openid profile email offline_access';

/** oidc-provider on loopback, set up as local.settings.sample.json sets up the service. Returns its origin and what ends it. */
export async function startProvider() {
  // Its advice to whoever sets it up goes to the console, where the test reads steps.
  console.info = console.warn = () => {};
  const { Provider, errors } = await import('oidc-provider');
  const { createServer } = await import('node:http');
  const server = createServer();
  await new Promise(done => server.listen(0, '127.0.0.1', done));
  const origin = `http://127.0.0.1:${server.address().port}`;
  server.on('request', new Provider(origin, await configuration(errors)).callback());
  return { origin, port: server.address().port, stop: () => server.close() };
}

async function configuration({ InvalidTarget }) {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const interactive = { redirect_uris: [`${app}/callback`], post_logout_redirect_uris: [`${app}/`], response_types: ['code'], scope: sessionScope, id_token_signed_response_alg: 'ES256' };
  const silent = { redirect_uris: [], response_types: [], id_token_signed_response_alg: 'ES256' };
  return {
    clients: [
      { client_id: 'demo-spa', token_endpoint_auth_method: 'none', grant_types: ['authorization_code', 'refresh_token'], ...interactive },
      { client_id: 'demo-web', client_secret: 'demo-web-secret', grant_types: ['authorization_code', 'refresh_token'], ...interactive },
      { client_id: 'demo-machine', client_secret: 'demo-machine-secret', grant_types: ['client_credentials'], scope: 'orders.read', ...silent },
      {
        client_id: 'demo-device', token_endpoint_auth_method: 'none', scope: sessionScope,
        grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'], ...silent,
      },
    ],
    jwks: { keys: [{ ...await exportJWK(privateKey), alg: 'ES256', use: 'sig' }] },
    cookies: { keys: ['a key of this test'] },
    scopes: ['openid', 'profile', 'email', 'offline_access', 'orders.read', 'orders.write'],
    claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'] },
    pkce: { required: () => true },
    responseTypes: ['code'],
    enabledJWA: { dPoPSigningAlgValues: ['ES256'], requestObjectSigningAlgValues: ['ES256'], idTokenSigningAlgValues: ['ES256'] },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    renderError: (ctx, { error }) => {
      ctx.type = 'html';
      ctx.body = `<code>${error}</code>`;
    },
    features: {
      devInteractions: { enabled: false },
      claimsParameter: { enabled: true },
      clientCredentials: { enabled: true },
      deviceFlow: { enabled: true },
      dPoP: { enabled: true, nonceSecret: Buffer.alloc(32, 7), requireNonce: () => true },
      introspection: { enabled: true, allowedPolicy: (_, client, token) => token.clientId === client.clientId },
      pushedAuthorizationRequests: { enabled: true },
      requestObjects: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_, resource, client) => {
          if (resource !== orders || client.clientId !== 'demo-machine') {
            throw new InvalidTarget();
          }
          return { scope: 'orders.read', audience: orders, accessTokenFormat: 'opaque' };
        },
      },
      revocation: { enabled: true, allowedPolicy: (_, client, token) => token.clientId === client.clientId },
      rpInitiatedLogout: { enabled: true },
    },
  };
}
