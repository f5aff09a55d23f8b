import { mkdir, unlink } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { close } from './ports.mjs';

/**
 * Takes a lock that ends with the process, however it ends: a socket that only its holder listens on.
 * The path is relative to the working directory, since a socket's path must be short.
 * Returns a function that gives the lock back, or null if another process holds it.
 */
export async function tryLock(path) {
  await mkdir(dirname(path), { recursive: true });
  for (let attempt = 0; attempt < 3; attempt++) {
    const server = createServer(socket => socket.destroy());
    const error = await new Promise(resolve => server.once('error', resolve).listen(path, () => resolve(null)));
    if (error === null) {
      server.unref();
      return () => close(server);
    }
    if (error.code !== 'EADDRINUSE') {
      throw error;
    }
    if (await answers(path)) {
      return null;
    }
    // The file outlived its holder.
    await unlink(path).catch(() => {});
  }
  return null;
}

/** Takes the lock, waiting for whoever holds it. */
export async function lock(path) {
  for (;;) {
    const release = await tryLock(path);
    if (release) {
      return release;
    }
    await delay(100);
  }
}

function answers(path) {
  return new Promise(resolve => {
    const socket = connect(path);
    socket.once('connect', () => resolve(true) || socket.destroy());
    socket.once('error', () => resolve(false));
  });
}
