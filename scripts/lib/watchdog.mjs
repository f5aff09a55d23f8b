// Ends the children of a process that died without doing so itself. Started by children.mjs in a process group of its
// own; told "+pid signal" and "-pid" on standard input, whose end is the parent's death or its orderly exit.
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

const watched = new Map();

for await (const line of createInterface({ input: process.stdin })) {
  const [pid, signal] = line.slice(1).split(' ');
  if (line.startsWith('+')) {
    watched.set(Number(pid), signal);
  } else {
    watched.delete(Number(pid));
  }
}

for (const [pid, signal] of watched) {
  send(pid, signal);
}
const deadline = Date.now() + 5000;
while (Date.now() < deadline && [...watched.keys()].some(pid => send(pid, 0))) {
  await delay(100);
}
for (const pid of watched.keys()) {
  send(-pid, 'SIGKILL');
}

function send(pid, signal) {
  try {
    return process.kill(pid, signal);
  } catch {
    // Gone already.
    return false;
  }
}
