// Compiled, never run: the declarations that are shipped, by the package's own name.
import { AuthClient, AuthError, type AuthClientOptions, type Session } from '@authfunctions/browser';

const auth = new AuthClient('https://auth.contoso.com');
const logged = new AuthClient(new URL('https://auth.contoso.com'), { fetch: async request => fetch(request) });

const now: Session | null = await auth.session();
const rows: Session | null = await auth.session({ fresh: true });
const signedIn: Session = await auth.signIn({ email: 'ada@contoso.test', password: 'correct horse battery staple' });
const left: void = await auth.signIn();
const back: void = await auth.signIn({ from: 'fabrikam', returnTo: '/home' });
const out: void = await auth.signOut({ everywhere: true });
const response: Response = await auth.fetch(new URL('https://api.contoso.com/orders'), { method: 'POST', body: '{}' });
const leave: () => void = auth.onChange(session => session?.user.name);
const gone: void = auth.handoff('fabrikam', 'https://app.fabrikam.com/');
const error = new AuthError(429, 'too_many_attempts', 'Wait.', 4);
const details: [number, string, string, number | undefined] = [error.status, error.code, error.message, error.retryAfter];
const bundlersTakeTheBrowsersFetch: AuthClientOptions = { fetch };

// @ts-expect-error: where the service is must be told.
new AuthClient();
// @ts-expect-error: it may be that nobody is signed in.
now.user;
// @ts-expect-error: a password alone signs nobody in.
await auth.signIn({ password: 'correct horse battery staple' });
// @ts-expect-error: the page asks for the address itself.
await auth.signIn({ email: 'ada@contoso.test' });
// @ts-expect-error: a handoff leads somewhere.
auth.handoff();
// @ts-expect-error: no script sees a token.
now?.access_token;
// @ts-expect-error: the origin of the auth host stays what it is.
auth.url = 'https://evil.example';
