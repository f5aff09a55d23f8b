import { CookieJar } from '../scripts/lib/cookies.mjs';
import { Client } from '../scripts/lib/http.mjs';
import { authorizePath, codeBody, codeFlow, expectStatus, form, get, handoff, password, post, redeem, refreshBody, refreshing, signUp } from './flows.mjs';
import { basic } from './service.mjs';

/**
 * The flows whose cost must not grow: what each starts from, of a person with so many sessions besides, and the steps of a round. A round
 * leaves as many sessions as it found, or the person would grow while being measured.
 */
export const growthFlows = [
  {
    name: 'session check',
    prepare: ({ cookies }) => ({ cookies }),
    steps: ({ contoso }) => [get(contoso, '/session', 'Cookie: ${cookies}')],
  },
  {
    name: 'session fresh',
    prepare: ({ cookies }) => ({ cookies }),
    steps: ({ contoso }) => [get(contoso, '/session?fresh=1', 'Cookie: ${cookies}')],
  },
  {
    name: 'client credentials',
    prepare: () => ({}),
    steps: ({ contoso }) => [post(contoso, '/token', form('demo-machine', 'demo-machine-secret'), 'grant_type=client_credentials')],
  },
  {
    name: 'sign-in',
    prepare: ({ email, cookies }) => ({ email, cookies }),
    steps: ({ contoso }) => [{
      ...post(contoso, '/login', ['Content-Type: application/json', `Origin: ${contoso.app}`, 'Cookie: ${cookies}'], `{"email":"\${email}","password":"${password}"}`),
      extract: { cookies: '(__Host-sid=sid_[^;]+)' },
    }],
  },
  {
    name: 'refresh',
    prepare: async (person, target) => ({ refresh: (await granted(person, target)).refresh_token }),
    steps: ({ contoso }) => [refreshing(post(contoso, '/token', form('demo-web', 'demo-web-secret'), refreshBody))],
  },
  {
    name: 'code flow',
    prepare: ({ cookies }) => ({ cookies }),
    steps: target => [
      ...codeFlow(
        get(target.contoso, authorizePath(target), 'Cookie: ${cookies}'),
        refreshing(post(target.contoso, '/token', form('demo-web', 'demo-web-secret'), codeBody(`${target.contoso.app}/callback`)))),
      post(target.contoso, '/revoke', form('demo-web', 'demo-web-secret'), 'token=${refresh}'),
    ],
  },
  {
    name: 'introspect',
    prepare: async (person, target) => ({ token: (await granted(person, target)).access_token }),
    steps: ({ contoso }) => [post(contoso, '/introspect', form('demo-web', 'demo-web-secret'), 'token=${token}')],
  },
  {
    name: 'handoff',
    prepare: ({ cookies }) => ({ cookies, arrived: 'first=1' }),
    steps: target => {
      const [start, mint, accept] = handoff(target);
      return [start, mint, {
        ...accept, head: accept.head.replace('${nonce}', '${nonce}; ${arrived}'), extract: { arrived: '(__Host-sid=sid_[^;]+)' },
      }];
    },
  },
  {
    name: 'sessions',
    // The list of a person's sessions: it grows with what it lists, by its nature.
    isList: true,
    prepare: ({ cookies }) => ({ cookies }),
    steps: ({ contoso }) => [get(contoso, '/sessions', 'Cookie: ${cookies}')],
  },
];

/** A new person with so many sessions, and a browser of theirs; the browser's is the youngest. */
export async function personWith(target, sessions) {
  const { contoso } = target;
  const { email } = await signUp(target);
  let jar;
  // Registering signed in as well: the last of these takes no further room where one is all there shall be.
  for (let n = 1; n < Math.max(2, sessions); n++) {
    jar = new CookieJar();
    expectStatus(await new Client({ jar }).send('POST', `${contoso.auth}/login`, { json: { email, password }, origin: contoso.app }), 200);
  }
  return { email, jar, cookies: jar.header(contoso.auth, { sameSite: true, navigation: true, safe: true }) };
}

async function granted({ jar }, target) {
  const authorized = await new Client({ jar }).send('GET', target.contoso.auth + authorizePath(target), { navigation: true });
  expectStatus(authorized, 303);
  return redeem(`${target.contoso.auth}/token`, basic('demo-web', 'demo-web-secret'), authorized.headers.location, `${target.contoso.app}/callback`);
}
