import { generateKeyPairSync } from 'node:crypto';
import Provider from 'oidc-provider';
import { tableAdapter } from './table-adapter.mjs';

// usage: oidc-provider.mjs PORT [CONNECTION_STRING TABLE]: in memory, or on a table.
const [port, connectionString, tableName] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const api = 'https://orders.example';
const key = { ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'ES256' };

const provider = new Provider(issuer, {
  ...connectionString && { adapter: tableAdapter(connectionString, tableName) },
  clients: [
    {
      client_id: 'machine', client_secret: 'machine-secret', grant_types: ['client_credentials'], redirect_uris: [], response_types: [],
      token_endpoint_auth_method: 'client_secret_basic',
    },
    {
      client_id: 'web', client_secret: 'web-secret', grant_types: ['authorization_code', 'refresh_token'], redirect_uris: ['https://app.example/callback'],
      response_types: ['code'], token_endpoint_auth_method: 'client_secret_basic', id_token_signed_response_alg: 'ES256',
    },
  ],
  clientDefaults: { id_token_signed_response_alg: 'ES256' },
  jwks: { keys: [key] },
  cookies: { keys: ['only for a benchmark'] },
  enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  scopes: ['openid', 'offline_access', 'profile', 'email', 'orders.read'],
  pkce: { required: () => true },
  rotateRefreshToken: true,
  issueRefreshToken: async () => true,
  ttl: { AccessToken: 300, ClientCredentials: 300, IdToken: 300, RefreshToken: 90 * 86400, Session: 14 * 86400, Grant: 90 * 86400, Interaction: 600 },
  findAccount: async (_, id) => ({ accountId: id, claims: async () => ({ sub: id, email: 'ada@contoso.test', email_verified: true, name: 'Ada' }) }),
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
    revocation: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: (_, client) => client.clientId === 'machine' ? api : undefined,
      getResourceServerInfo: () => ({ audience: api, scope: 'orders.read', accessTokenFormat: 'jwt', accessTokenTTL: 300, jwt: { sign: { alg: 'ES256' } } }),
    },
  },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
});

// Signs Ada in and has her agree to everything, without a page: what is measured comes after.
provider.use(async (context, next) => {
  if (!context.path.startsWith('/interaction/')) {
    return next();
  }
  const { params } = await provider.interactionDetails(context.req, context.res);
  const grant = new provider.Grant({ accountId: 'ada', clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  await provider.interactionFinished(context.req, context.res, { login: { accountId: 'ada' }, consent: { grantId: await grant.save() } });
  context.respond = false;
});

provider.on('server_error', (_, error) => console.error(error));
provider.listen(Number(port), '127.0.0.1', () => console.log('ready'));
