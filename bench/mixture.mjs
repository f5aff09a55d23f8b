import { each, flows, form, get, password, post, signUp } from './flows.mjs';

const flow = name => flows.find(f => f.name === name).at.service;

/**
 * What a service does all day, and how often each beside the others, made as in flows.mjs. Whatever begins a session also ends one, so that a
 * day leaves no more sessions behind than it found.
 */
export const mixture = [
  { name: 'session check', weight: 40, make: flow('session check') },
  { name: 'introspect', weight: 10, make: flow('introspect') },
  { name: 'refresh', weight: 10, make: flow('refresh') },
  { name: 'client credentials', weight: 10, make: flow('client credentials') },
  { name: 'jwks', weight: 5, make: flow('jwks') },
  { name: 'code flow, revoked', weight: 4, make: codeFlowRevoked },
  { name: 'handoff', weight: 4, make: handoffAgain },
  { name: 'sign-in and out', weight: 1, make: signInAndOut },
  { name: 'refused', weight: 4, make: refused },
];

async function codeFlowRevoked(target, connections) {
  const { chains, steps: [authorize, redeem] } = await flow('code flow')(target, connections);
  return {
    chains,
    steps: [
      authorize,
      { ...redeem, extract: { granted: '"refresh_token":"([^"]+)"' } },
      post(target.contoso, '/revoke', form('demo-web', 'demo-web-secret'), 'token=${granted}'),
    ],
  };
}

/** A browser that comes to the target once more brings the session it has there, which the new one replaces. */
async function handoffAgain(target, connections) {
  const { chains, steps: [start, hand, accept] } = await flow('handoff')(target, connections);
  return {
    chains: chains.map(chain => ({ ...chain, there: 'none=yet' })),
    steps: [start, hand, { ...accept, head: accept.head.replace('${nonce}', () => '${nonce}; ${there}'), extract: { there: 'Set-Cookie: (__Host-sid=sid_[^;]+)' } }],
  };
}

async function signInAndOut({ contoso }, connections) {
  const json = ['Content-Type: application/json', `Origin: ${contoso.app}`];
  return {
    chains: await each(connections, async () => ({ email: (await signUp({ contoso })).email })),
    steps: [
      { ...post(contoso, '/login', json, `{"email":"\${email}","password":"${password}"}`), extract: { sid: 'Set-Cookie: (__Host-sid=[^;]+)' } },
      { ...post(contoso, '/logout', [...json, 'Cookie: ${sid}'], '{}'), status: 204 },
    ],
  };
}

/** One of each kind that costs something: no session, no such client, a token that was never issued. */
function refused({ contoso }) {
  return {
    steps: [
      { ...get(contoso, '/session'), status: 401 },
      { ...post(contoso, '/token', form('demo-machine', 'wrong'), 'grant_type=client_credentials'), status: 401 },
      { ...post(contoso, '/token', form('demo-web', 'demo-web-secret'), 'grant_type=refresh_token&refresh_token=never-issued'), status: 400 },
    ],
  };
}
