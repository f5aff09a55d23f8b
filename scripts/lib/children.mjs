import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Failure } from './failure.mjs';

const graceMilliseconds = 4000;

/** The processes this one started. They end with it, even when it is killed. */
export class Children {
  #running = new Map();
  #watchdog = null;
  #stopping = false;
  #died;

  /** Settles, with one line about it, once a child that should stay has ended by itself. */
  death = new Promise(resolve => this.#died = resolve);

  /** Starts a process that stays, and hands its output to `onLine`. It is stopped with `stopWith`. */
  start(name, command, args, { stopWith = 'SIGTERM', env = {}, onLine }) {
    const child = this.#spawn(name, command, args, stopWith, env, ['ignore', 'pipe', 'pipe']);
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', onLine);
    }
    child.ended.then(how => this.#stopping || this.#died(`${name} ended by itself (${how})`));
    return child;
  }

  /** Runs a process to its end: its exit code (null after a signal) and what it printed. */
  async run(name, command, args, { env = {}, show = false } = {}) {
    const child = this.#spawn(name, command, args, 'SIGTERM', env, ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe']);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', text => output += text);
    }
    await child.ended;
    return { code: child.exitCode, output };
  }

  /** Has a signal stop what still runs, and then this process, as having failed. */
  stopOnSignals() {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.on(signal, () => this.stop().then(() => process.exit(1)));
    }
  }

  /** Stops what still runs, the last started first; nothing can be started afterwards. */
  async stop() {
    this.#stopping = true;
    for (const [child, signal] of [...this.#running].reverse()) {
      child.kill(signal);
      const timer = setTimeout(() => killGroup(child), graceMilliseconds);
      await child.ended;
      clearTimeout(timer);
    }
    if (this.#watchdog) {
      this.#watchdog.ref();
      this.#watchdog.stdin.end();
      await this.#watchdog.ended;
    }
  }

  #spawn(name, command, args, stopWith, env, stdio) {
    if (this.#stopping) {
      throw new Failure(`stopped before ${name} was started.`);
    }
    this.#watchdog ??= startWatchdog();
    // In a group of its own: a terminal sends Ctrl-C to the whole group, and Azurite drops what it has
    // not yet written on the second one.
    const child = spawn(command, args, { stdio, env: { ...process.env, ...env }, detached: true });
    this.#running.set(child, stopWith);
    if (child.pid) {
      this.#watchdog.stdin.write(`+${child.pid} ${stopWith}\n`);
    }
    child.ended = endOf(child).then(how => {
      this.#running.delete(child);
      if (child.pid) {
        this.#watchdog.stdin.write(`-${child.pid}\n`);
      }
      return how;
    });
    return child;
  }
}

function startWatchdog() {
  const path = fileURLToPath(new URL('watchdog.mjs', import.meta.url));
  const watchdog = spawn(process.execPath, [path], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  watchdog.stdin.on('error', () => {});
  watchdog.ended = endOf(watchdog);
  watchdog.unref();
  watchdog.stdin.unref();
  return watchdog;
}

function endOf(child) {
  return new Promise(resolve => {
    child.once('error', error => resolve(error.message));
    child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
}

function killGroup(child) {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Gone in the meantime.
  }
}
