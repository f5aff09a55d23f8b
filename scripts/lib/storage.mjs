import { readFileSync } from 'node:fs';
import { Failure } from './failure.mjs';

const endpoint = /^(Table|Queue|Blob|File)(Secondary)?Endpoint$/i;

/** The storage that the service is set up with: the environment's, else that of local.settings.json. */
export function configuredStorage() {
  if (process.env.Storage__ConnectionString) {
    return process.env.Storage__ConnectionString;
  }
  try {
    const { Values } = JSON.parse(readFileSync('local.settings.json', 'utf8'));
    return Values?.Storage__ConnectionString ?? Values?.['Storage:ConnectionString'];
  } catch (error) {
    if (error.code === 'ENOENT') {
      return undefined;
    }
    throw new Failure(`local.settings.json cannot be read: ${error.message}`);
  }
}

/** Whether every endpoint of a connection string is on this machine; what cannot be told is not. */
export function isLocalStorage(connectionString) {
  const settings = new Map((connectionString ?? '').split(';').filter(part => part.includes('=')).map(part => {
    const [name, ...value] = part.split('=');
    return [name.trim().toLowerCase(), value.join('=').trim()];
  }));
  const endpoints = [...settings].filter(([name]) => endpoint.test(name)).map(([, value]) => value);
  if (settings.get('usedevelopmentstorage')?.toLowerCase() === 'true') {
    endpoints.push(settings.get('developmentstorageproxyuri') ?? 'http://127.0.0.1');
  }
  // Without an endpoint of its own, the account's is in the cloud.
  return endpoints.length > 0 && endpoints.every(value => URL.canParse(value) && isLoopback(new URL(value).hostname));
}

/** Whether a host name, as a URL gives it, can only mean this machine. */
export function isLoopback(host) {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}
