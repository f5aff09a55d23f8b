import { Failure } from './failure.mjs';
import { Client } from './http.mjs';
import { demoUser } from './local.mjs';
import { isLocalStorage, isLoopback } from './storage.mjs';

/** Registers the demo user, whose password everybody knows: so only where service and storage are on this machine. */
export async function registerDemoUser(url, connectionString) {
  const { protocol, hostname } = new URL(url);
  if (protocol !== 'http:' || !isLoopback(hostname)) {
    throw new Failure(`seeds only a service on this machine, http://*.localhost or http://127.0.0.1, not ${url}.`);
  }
  if (!isLocalStorage(connectionString)) {
    // The value stays unsaid: it may hold a key.
    throw new Failure('seeds only storage on this machine, and Storage__ConnectionString does not say that it is.');
  }
  const client = new Client();
  const registered = await client.send('POST', `${url}/register`, { json: { ...demoUser, transport: 'body' } });
  if (registered.status === 409 && registered.body?.code === 'email_taken') {
    return 'was there already';
  }
  if (registered.status !== 201) {
    throw new Failure(`POST ${url}/register answered ${registered.status}: ${registered.text}`);
  }
  // Registering signs in; nobody is going to use that session.
  const bearer = { Authorization: `Bearer ${registered.body.access_token}` };
  const ended = await client.send('POST', `${url}/logout`, { headers: bearer });
  if (ended.status !== 204) {
    throw new Failure(`POST ${url}/logout answered ${ended.status}: ${ended.text}`);
  }
  return 'registered';
}
