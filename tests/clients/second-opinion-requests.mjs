// Requests that are malformed or hostile, or valid, so that it is seen what the others spoil. Each is a name, an endpoint by its name in the
// discovery document, and what is sent; a value that is an array is sent repeatedly, one of null is left out.
const callback = 'http://app.contoso.localhost:5173/callback';
const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
const deviceCode = 'urn:ietf:params:oauth:grant-type:device_code';
const assertion = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const part = json => Buffer.from(JSON.stringify(json)).toString('base64url');
const basic = (id, secret) => ({ authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` });
const machine = basic('demo-machine', 'demo-machine-secret');
const web = basic('demo-web', 'demo-web-secret');

const asked = {
  client_id: 'demo-spa', redirect_uri: callback, response_type: 'code', scope: 'openid email', state: 'a state', nonce: 'a nonce',
  code_challenge: challenge, code_challenge_method: 'S256',
};
const authorize = (name, spoilt = {}, more = {}) =>
  ({ name: `authorize: ${name}`, endpoint: 'authorization_endpoint', query: { ...asked, ...spoilt }, ...more });
const post = endpoint => (name, form, headers = {}, more = {}) => ({ name, endpoint, method: 'POST', form, headers, ...more });
const token = post('token_endpoint');
const par = (name, spoilt = {}, headers = web, more = {}) =>
  post('pushed_authorization_request_endpoint')(`par: ${name}`, { ...asked, client_id: 'demo-web', ...spoilt }, headers, more);
const introspect = post('introspection_endpoint');
const revoke = post('revocation_endpoint');
const device = post('device_authorization_endpoint');
const credentials = { grant_type: 'client_credentials', resource: 'https://orders.example', scope: 'orders.read' };
const code = { grant_type: 'authorization_code', client_id: 'demo-spa', code: 'unknown', redirect_uri: callback, code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk' };
const userinfo = (name, headers = {}, more = {}) => ({ name: `userinfo: ${name}`, endpoint: 'userinfo_endpoint', headers, ...more });
const leave = (name, query = {}, more = {}) => ({ name: `end_session: ${name}`, endpoint: 'end_session_endpoint', query, ...more });

/** The list; `accessToken` is one that the server itself has just issued to demo-machine. */
export const requests = accessToken => [
  authorize('valid'),
  authorize('no client_id', { client_id: null }),
  authorize('unknown client_id', { client_id: 'nobody' }),
  authorize('client without this grant', { client_id: 'demo-machine' }),
  authorize('no redirect_uri', { redirect_uri: null }),
  authorize('foreign redirect_uri', { redirect_uri: 'https://evil.test/callback' }),
  authorize('redirect_uri with another path', { redirect_uri: `${callback}/more` }),
  authorize('redirect_uri with a query', { redirect_uri: `${callback}?a=b` }),
  authorize('redirect_uri with a fragment', { redirect_uri: `${callback}#a` }),
  authorize('redirect_uri in capitals', { redirect_uri: callback.replace('http://app', 'HTTP://APP') }),
  authorize('redirect_uri of a script', { redirect_uri: 'javascript:alert(1)' }),
  authorize('redirect_uri with user info', { redirect_uri: callback.replace('//', '//evil.test@') }),
  authorize('client_id twice', { client_id: ['demo-spa', 'demo-spa'] }),
  authorize('redirect_uri twice', { redirect_uri: [callback, callback] }),
  authorize('state twice', { state: ['a', 'b'] }),
  authorize('no response_type', { response_type: null }),
  authorize('response_type token', { response_type: 'token' }),
  authorize('response_type id_token', { response_type: 'id_token' }),
  authorize('response_type code id_token', { response_type: 'code id_token' }),
  authorize('response_type unknown', { response_type: 'unknown' }),
  authorize('response_mode fragment', { response_mode: 'fragment' }),
  authorize('response_mode unknown', { response_mode: 'unknown' }),
  authorize('no code_challenge', { code_challenge: null, code_challenge_method: null }),
  authorize('code_challenge_method plain', { code_challenge_method: 'plain' }),
  authorize('code_challenge_method unknown', { code_challenge_method: 'S512' }),
  authorize('no code_challenge_method', { code_challenge_method: null }),
  authorize('code_challenge too short', { code_challenge: 'abc' }),
  authorize('code_challenge with other characters', { code_challenge: challenge.replace('E', '!') }),
  authorize('scope unknown', { scope: 'openid unknown' }),
  authorize('scope of another client', { scope: 'openid orders.read' }),
  authorize('scope with a quotation mark', { scope: 'openid "' }),
  authorize('no scope', { scope: null }),
  authorize('prompt unknown', { prompt: 'unknown' }),
  authorize('prompt none with another', { prompt: 'none login' }),
  authorize('prompt none', { prompt: 'none' }),
  authorize('max_age negative', { max_age: '-1' }),
  authorize('max_age no number', { max_age: 'soon' }),
  authorize('claims no JSON', { claims: '{' }),
  authorize('claims a list', { claims: '[]' }),
  authorize('request no JWT', { request: 'abc' }),
  authorize('request without a signature', { request: `${part({ alg: 'none' })}.${part(asked)}.` }),
  authorize('request_uri of somebody', { request_uri: 'https://evil.test/request.jwt' }),
  authorize('request_uri unknown', { request_uri: 'urn:ietf:params:oauth:request_uri:unknown' }),
  authorize('request and request_uri', { request: 'a.b.c', request_uri: 'urn:ietf:params:oauth:request_uri:unknown' }),
  authorize('registration', { registration: '{}' }),
  authorize('resource unknown', { resource: 'https://unknown.example' }),
  authorize('resource no URI', { resource: 'orders' }),
  authorize('resource with a fragment', { resource: 'https://orders.example#a' }),
  authorize('id_token_hint no JWT', { id_token_hint: 'abc' }),
  authorize('PUT', {}, { method: 'PUT' }),

  token('token: valid', credentials, machine),
  { name: 'token: GET', endpoint: 'token_endpoint', query: credentials, headers: machine },
  token('token: nothing', {}, machine),
  { name: 'token: JSON', endpoint: 'token_endpoint', method: 'POST', headers: { ...machine, 'content-type': 'application/json' }, body: JSON.stringify(credentials) },
  token('token: parameters in the URL', {}, machine, { query: credentials }),
  token('token: grant_type unknown', { ...credentials, grant_type: 'unknown' }, machine),
  token('token: grant_type password', { grant_type: 'password', username: 'ada', password: 'a password' }, web),
  token('token: grant_type twice', { ...credentials, grant_type: ['client_credentials', 'client_credentials'] }, machine),
  token('token: nobody', credentials),
  token('token: secret wrong', credentials, basic('demo-machine', 'wrong')),
  token('token: client unknown', credentials, basic('nobody', 'wrong')),
  token('token: secret wrong, in the form', { ...credentials, client_id: 'demo-machine', client_secret: 'wrong' }),
  token('token: secret left out', { ...credentials, client_id: 'demo-machine' }),
  token('token: secret in both places', { ...credentials, client_id: 'demo-machine', client_secret: 'demo-machine-secret' }, machine),
  token('token: two clients', { ...credentials, client_id: 'demo-web' }, machine),
  token('token: secret of a public client', { ...code, client_secret: 'a secret' }),
  token('token: credentials no base64', credentials, { authorization: 'Basic !' }),
  token('token: credentials without a colon', credentials, { authorization: `Basic ${Buffer.from('demo-machine').toString('base64')}` }),
  token('token: Bearer credentials', credentials, { authorization: 'Bearer abc' }),
  token('token: assertion no JWT', { ...credentials, client_id: 'demo-machine', client_assertion: 'abc', client_assertion_type: assertion }),
  token('token: assertion of unknown type', { ...credentials, client_id: 'demo-machine', client_assertion: 'a.b.c', client_assertion_type: 'unknown' }),
  token('token: grant of other clients', { ...credentials, client_id: 'demo-spa' }),
  token('token: scope of other clients', { ...credentials, scope: 'orders.write' }, machine),
  token('token: resource unknown', { ...credentials, resource: 'https://unknown.example' }, machine),
  token('token: resource twice', { ...credentials, resource: ['https://orders.example', 'https://unknown.example'] }, machine),
  token('token: code unknown', code),
  token('token: no code', { ...code, code: null }),
  token('token: no code_verifier', { ...code, code_verifier: null }),
  token('token: refresh token unknown', { grant_type: 'refresh_token', client_id: 'demo-spa', refresh_token: 'unknown' }),
  token('token: no refresh token', { grant_type: 'refresh_token', client_id: 'demo-spa' }),
  token('token: device code unknown', { grant_type: deviceCode, client_id: 'demo-device', device_code: 'unknown' }),
  token('token: no device code', { grant_type: deviceCode, client_id: 'demo-device' }),
  token('token: proof no JWT', credentials, { ...machine, dpop: 'abc' }),

  par('valid'),
  par('GET', {}, web, { method: 'GET', form: undefined }),
  par('nobody', {}, {}),
  par('secret wrong', {}, basic('demo-web', 'wrong')),
  par('foreign redirect_uri', { redirect_uri: 'https://evil.test/callback' }),
  par('request_uri', { request_uri: 'urn:ietf:params:oauth:request_uri:unknown' }),
  par('no code_challenge', { code_challenge: null, code_challenge_method: null }),
  par('response_type token', { response_type: 'token' }),
  par('scope unknown', { scope: 'openid unknown' }),
  par('request of another client', { client_id: 'demo-spa' }),
  par('state twice', { state: ['a', 'b'] }),

  introspect('introspect: valid', { token: accessToken }, machine),
  introspect('introspect: token of another client', { token: accessToken }, web),
  introspect('introspect: token unknown', { token: 'unknown' }, machine),
  introspect('introspect: no token', {}, machine),
  introspect('introspect: token twice', { token: ['a', 'b'] }, machine),
  introspect('introspect: nobody', { token: accessToken }),
  introspect('introspect: secret wrong', { token: accessToken }, basic('demo-machine', 'wrong')),
  introspect('introspect: public client', { token: accessToken, client_id: 'demo-spa' }),
  introspect('introspect: GET', undefined, machine, { method: 'GET', query: { token: accessToken } }),

  revoke('revoke: token unknown', { token: 'unknown' }, web),
  revoke('revoke: no token', {}, web),
  revoke('revoke: token twice', { token: ['a', 'b'] }, web),
  revoke('revoke: type unknown', { token: 'unknown', token_type_hint: 'unknown' }, web),
  revoke('revoke: token of another client', { token: accessToken }, web),
  revoke('revoke: nobody', { token: accessToken }),
  revoke('revoke: secret wrong', { token: accessToken }, basic('demo-web', 'wrong')),
  revoke('revoke: GET', undefined, web, { method: 'GET', query: { token: 'unknown' } }),

  userinfo('no token'),
  userinfo('token unknown', { authorization: 'Bearer unknown' }),
  userinfo('token of a machine', { authorization: `Bearer ${accessToken}` }),
  userinfo('token in the URL', {}, { query: { access_token: 'unknown' } }),
  userinfo('token in both places', { authorization: 'Bearer unknown' }, { method: 'POST', form: { access_token: 'unknown' } }),
  userinfo('Basic credentials', web),
  userinfo('DPoP without a proof', { authorization: 'DPoP unknown' }),
  userinfo('proof no JWT', { authorization: 'DPoP unknown', dpop: 'abc' }),
  userinfo('PUT', { authorization: 'Bearer unknown' }, { method: 'PUT' }),

  device('device: valid', { client_id: 'demo-device', scope: 'openid' }),
  device('device: no client', { scope: 'openid' }),
  device('device: client unknown', { client_id: 'nobody', scope: 'openid' }),
  device('device: client without this grant', { client_id: 'demo-spa', scope: 'openid' }),
  device('device: scope unknown', { client_id: 'demo-device', scope: 'openid unknown' }),
  device('device: scope twice', { client_id: 'demo-device', scope: ['openid', 'email'] }),
  device('device: GET', undefined, {}, { method: 'GET', query: { client_id: 'demo-device' } }),

  leave('nothing'),
  leave('hint no JWT', { id_token_hint: 'abc' }),
  leave('client unknown', { client_id: 'nobody' }),
  leave('foreign post_logout_redirect_uri', { client_id: 'demo-spa', post_logout_redirect_uri: 'https://evil.test/' }),
  leave('post_logout_redirect_uri of nobody', { post_logout_redirect_uri: 'https://evil.test/' }),
  leave('PUT', {}, { method: 'PUT' }),

  { name: 'discovery: GET', endpoint: 'discovery' },
  { name: 'discovery: POST', endpoint: 'discovery', method: 'POST', form: {} },
  { name: 'jwks: GET', endpoint: 'jwks_uri' },
  { name: 'jwks: POST', endpoint: 'jwks_uri', method: 'POST', form: {} },
];
