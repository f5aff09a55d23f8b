export { AuthClient, type AuthClientOptions, type Credentials, type PageSignIn } from './auth-client.js';
export { AuthError } from './auth-error.js';
export type { Session, SessionDetails, User } from './session.js';
