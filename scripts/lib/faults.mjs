import { Children } from './children.mjs';
import { Failure, main } from './failure.mjs';
import { readOptions } from './options.mjs';
import { build, checkTools, installPackages, root } from './tools.mjs';

const project = 'tests/AuthFunctions.Faults';
const program = `${project}/bin/Release/net10.0/AuthFunctions.Faults.dll`;

await main('faults', async () => {
  const options = readOptions({
    kills: { type: 'string' },
    refreshes: { type: 'string' },
    short: { type: 'boolean', default: false },
    seconds: { type: 'string' },
    seed: { type: 'string' },
    only: { type: 'string' },
    out: { type: 'string', default: '.dev/faults' },
  }, `Kills instances of the service, breaks its storage and its vault while people use it, and checks what they were told and what is stored.

  scripts/faults [--kills N] [--refreshes N] [--seconds S] [--short] [--seed N] [--only SCENARIO] [--out FOLDER]

  --kills N         how often an instance is killed, 200 unless told otherwise
  --refreshes N     how many refreshes are answered at least, 100000 unless told otherwise
  --seconds S       how long the faults of a scenario last, 10 unless told otherwise
  --short           each fault once, 4 kills, 1000 refreshes: what CI has time for
  --seed N          makes the same choices again; when they are met is the machine's matter
  --only SCENARIO   the scenarios whose name holds this text
  --out FOLDER      where results.json and the instances' output go`);
  for (const name of ['kills', 'refreshes', 'seconds', 'seed']) {
    if (options[name] !== undefined && !/^\d{1,9}$/.test(options[name])) {
      throw new Failure(`--${name} must be a number, but is '${options[name]}'.`);
    }
  }
  process.chdir(root);
  const children = new Children();
  children.stopOnSignals();
  try {
    await checkTools(children);
    await installPackages(children);
    await build(children, project, { projects: [project, 'functions'] });
    const args = Object.entries(options).flatMap(([name, value]) => value === true ? [`--${name}`] : value === false ? [] : [`--${name}`, value]);
    const { code } = await children.run('the run', 'dotnet', [program, ...args], { show: true });
    return code ?? 1;
  } finally {
    await children.stop();
  }
});
