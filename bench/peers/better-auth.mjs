import { createServer } from 'node:http';
import { betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { toNodeHandler } from 'better-auth/node';

// usage: better-auth.mjs PORT. In memory: it has no adapter for tables, so it is spared all storage.
const [port] = process.argv.slice(2);
const auth = betterAuth({
  baseURL: `http://127.0.0.1:${port}`,
  secret: 'only for a benchmark, and long enough',
  database: memoryAdapter({ user: [], session: [], account: [], verification: [], rateLimit: [] }),
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
});

createServer(toNodeHandler(auth)).listen(Number(port), '127.0.0.1', () => console.log('ready'));
