import { setTimeout as delay } from 'node:timers/promises';
import { freePort, isFree } from './ports.mjs';
import { descendantsOf, stillRunning } from './processes.mjs';
import { expect, expectThat } from './steps.mjs';

const startMilliseconds = 120000;
const stopMilliseconds = 10000;

/** Runs scripts/dev, scripts/demo and scripts/bench as a person would; returns how many cases passed and failed, and which did. */
export async function runSmoke(children) {
  const tally = { passed: 0, failed: 0, skipped: 0, failures: [] };
  const check = async (name, action) => {
    try {
      await action();
      console.log(`  Passed ${name}`);
      tally.passed++;
    } catch (error) {
      console.log(`  Failed ${name}\n    ${error.stack}`);
      tally.failed++;
      tally.failures.push(name);
    }
  };
  await runCases(children, check);
  return tally;
}

async function runCases(children, check) {
  const first = new Instance(children, await freePort(), ['--keys', 'vault']);
  await check('scripts/dev gets ready', () => first.start());
  await check('scripts/demo does every step', async () => {
    const { code, output } = await children.run('scripts/demo', 'scripts/demo', ['--port', `${first.port}`]);
    expectThat(code === 0, `exit code ${code}\n${output}`);
  });
  await check('scripts/keys rotates the keys of the fake vault and retires the one that signs', async () => {
    const keys = async (...args) => {
      const { code, output } = await children.run('scripts/keys', 'scripts/keys', [...args, '--url', `http://auth.contoso.localhost:${first.port}`]);
      expectThat(code === 0, `exit code ${code}\n${output}`);
      return output.split('\n').filter(line => !line.startsWith('  ') && line).map(line => line.split(/ +/));
    };
    // One may stand by already: the timer runs at seven minutes past the hour.
    const before = await keys('list');
    expectThat((await keys('rotate')).length > before.length, 'there is no new key');
    const [[signing]] = await keys('list');
    const states = (await keys('retire', signing)).map(([, state]) => state).join(' ');
    expectThat(/^pulled signing( announced)+$/.test(states), `the keys are ${states}`);
  });
  await check('scripts/dev on a busy port is one clear line', async () => {
    const { code, output } = await children.run('scripts/dev', 'scripts/dev', first.args);
    expect('exit code', code, 1);
    expect('output', output, `scripts/dev: port ${first.port} is in use; choose another with --port N.\n`);
  });
  const second = new Instance(children, await freePort());
  await check('a second scripts/dev runs beside the first', async () => {
    await second.start();
    expectThat(await first.isHealthy(), 'the first no longer answers');
  });
  await check('killing scripts/dev leaves nothing behind and the other alone', async () => {
    await second.end('SIGKILL');
    expectThat(await first.isHealthy(), 'the other no longer answers');
  });
  await check('SIGINT stops everything, with exit code 0', async () => {
    expect('end', await first.end('SIGINT'), 'exit code 0');
  });
  await check('scripts/bench measures a flow at every target of its', async () => {
    const { code, output } = await children.run('scripts/bench', 'scripts/bench', ['--rounds', '1', '--seconds', '1', '--only', 'introspect']);
    expectThat(code === 0, `exit code ${code}\n${output}`);
    expect('targets', output.match(/^\| introspect \| [^|]+/gm).join(), '| introspect | service ,| introspect | oidc-provider, Azurite ');
  });
  await check('scripts/bench burst and soak end in their tables, too short to judge', async () => {
    // Side by side: nothing is judged that could suffer from it.
    await Promise.all([
      ['burst', '| session check, p99 |', '--rounds', '1', '--sign-ins', '4', '--quiet', '1'],
      ['soak', '| the service: open files |', '--minutes', '0.05', '--connections', '1'],
    ].map(async ([kind, row, ...args]) => {
      const { code, output } = await children.run('scripts/bench', 'scripts/bench', [kind, ...args]);
      expectThat(code === 0 && output.includes(row) && output.includes('Not judged'), `exit code ${code}\n${output}`);
    }));
  });
  await check('scripts/bench growth measures a flow at every size', async () => {
    const { code, output } = await children.run('scripts/bench', 'scripts/bench',
      ['growth', '--rounds', '1', '--seconds', '0.4', '--users', '50', '--only', 'session fresh']);
    expectThat(code === 0, `exit code ${code}\n${output}`);
    expectThat(/^\| session fresh \| \d+ \| \d+ \(/m.test(output), `there is no table:\n${output}`);
  });
  await check('scripts/faults --short loses nothing', async () => {
    const { code, output } = await children.run('scripts/faults', 'scripts/faults', ['--short']);
    expectThat(code === 0, `exit code ${code}\n${output}`);
    expectThat(output.includes('| all |'), `there is no table\n${output}`);
  });
}

/** One scripts/dev, and what it started. */
class Instance {
  #children;
  #process;

  constructor(children, port, more = []) {
    this.#children = children;
    this.port = port;
    this.args = ['--port', `${port}`, '--no-frontends', '--data', 'memory', ...more];
  }

  /** Waits until it says that it is ready. */
  async start() {
    const lines = [];
    let ready;
    const isReady = new Promise(resolve => ready = resolve);
    this.#process = this.#children.start('scripts/dev', 'scripts/dev', this.args, {
      stopWith: 'SIGINT',
      onLine: line => lines.push(line) && line.startsWith('AuthFunctions is ready') && ready('ready'),
    });
    const outcome = await Promise.race([isReady, this.#process.ended, delay(startMilliseconds, 'not ready in time', { ref: false })]);
    expectThat(outcome === 'ready', `${outcome}\n${lines.join('\n')}`);
    expectThat(await this.isHealthy(), 'GET /health does not answer');
  }

  /** Ends it, and returns how it ended once nothing it started runs or listens any more. */
  async end(signal) {
    const started = descendantsOf(this.#process.pid);
    // The service, the storage and the watchdog, or the case would prove nothing.
    expectThat(started.length >= 3, `only ${started.length} processes were running`);
    const deadline = Date.now() + stopMilliseconds;
    this.#process.kill(signal);
    while (stillRunning(started).length > 0 || !await isFree(this.port)) {
      expectThat(Date.now() < deadline, `after ${stopMilliseconds / 1000} s there still run: ${stillRunning(started).join(', ') || 'nothing, but the port is taken'}`);
      await delay(100);
    }
    return this.#process.ended;
  }

  async isHealthy() {
    return (await fetch(`http://127.0.0.1:${this.port}/health`)).ok;
  }
}
