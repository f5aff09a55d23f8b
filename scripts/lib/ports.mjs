import { createServer } from 'node:net';

/** The addresses that service and frontends listen on: browsers try both for a name under localhost. */
const loopbacks = ['127.0.0.1', '::1'];

// Absent on machines without IPv6, which then do with 127.0.0.1.
const noSuchAddress = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT']);

/** Listens on the port at every loopback address there is; false if somebody else has it on one of them. */
export async function listenOnLoopback(port, createListener) {
  const servers = [];
  for (const host of loopbacks) {
    const server = createListener();
    const error = await new Promise(resolve => {
      server.once('error', resolve);
      server.listen({ port, host, exclusive: true }, () => resolve(null));
    });
    if (error === null) {
      servers.push(server);
    } else if (!noSuchAddress.has(error.code)) {
      await Promise.all(servers.map(close));
      if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') {
        throw error;
      }
      return false;
    }
  }
  return servers;
}

/** Whether nobody listens on the port. */
export async function isFree(port) {
  const servers = await listenOnLoopback(port, () => createServer());
  if (servers) {
    await Promise.all(servers.map(close));
  }
  return servers !== false;
}

/** A port that nobody listens on now. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await close(server);
  return await isFree(port) ? port : freePort();
}

export function close(server) {
  server.closeAllConnections?.();
  return new Promise(resolve => server.close(resolve));
}
