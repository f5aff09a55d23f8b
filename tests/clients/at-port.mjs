// Preloaded into a Node process under test: the host names of the sites lead to the service's port, as AUTH_PORT says.
import { fetchAt } from './browser.mjs';

globalThis.fetch = fetchAt(Number(process.env.AUTH_PORT));
