import { copyFileSync, existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure } from './failure.mjs';
import { lock } from './lock.mjs';

/** The repository's folder; every path in scripts/ is relative to it. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

export const serviceDll = 'functions/bin/Release/net10.0/AuthFunctions.dll';

// Nothing may stay behind after a build, and its messages are read in these terms everywhere.
const dotnetEnvironment = {
  DOTNET_NOLOGO: '1',
  DOTNET_CLI_TELEMETRY_OPTOUT: '1',
  DOTNET_CLI_UI_LANGUAGE: 'en',
  MSBUILDDISABLENODEREUSE: '1',
};
const buildLock = '.dev/build.lock';

/** Fails unless Node 20 and the .NET 10 SDK are there. */
export async function checkTools(children) {
  if (Number(process.versions.node.split('.')[0]) < 20) {
    throw new Failure(`needs Node 20 or later, but this is ${process.versions.node}.`);
  }
  const { code, output } = await children.run('dotnet', 'dotnet', ['--version'], { env: dotnetEnvironment });
  if (code !== 0 || Number(output.split('.')[0]) < 10) {
    throw new Failure(`needs the .NET 10 SDK (https://dot.net), but 'dotnet --version' says: ${output.trim() || 'nothing, it is not there'}`);
  }
}

/** Fails unless the Azure Functions Core Tools are there. */
export async function checkFunctionsTools(children) {
  try {
    const { code } = await children.run('func', 'func', ['--version']);
    if (code === 0) {
      return;
    }
  } catch {
    // Not on the path.
  }
  throw new Failure('--host func needs the Azure Functions Core Tools 4.14 or later on the path (https://aka.ms/azfunc-install).');
}

/** Installs what package-lock.json names, unless that was done since it last changed. */
export async function installPackages(children) {
  const release = await lock(buildLock);
  try {
    // npm writes this file when it is done, so that a broken-off install does not pass for a whole one.
    const installed = changedAt('node_modules/.package-lock.json');
    if (existsSync('node_modules/azurite/package.json') && installed >= changedAt('package-lock.json')) {
      return;
    }
    console.log('Installing Azurite …');
    const { code, output } = await children.run('npm', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
    if (code !== 0) {
      throw new Failure(`npm ci failed.\n${output}`);
    }
  } finally {
    await release();
  }
}

/**
 * Builds a project or solution (Release); fails with what the compiler said. Restoring is left out when it was done
 * since anything that names the packages of `projects` changed. `offline` says which Azure packages are the real ones
 * (Directory.Build.props).
 */
export async function build(children, target, { projects = [], offline = 'all' } = {}) {
  const release = await lock(buildLock);
  try {
    const restored = offline === 'all' && projects.length > 0 && projects.every(isRestored) ? ['--no-restore'] : [];
    const { code, output } = await dotnet(children,
      ['build', target, '-c', 'Release', '-v', 'quiet', '--disable-build-servers', `-p:Offline=${offline}`, ...restored]);
    if (code !== 0) {
      throw new Failure(`the build of ${target} failed.\n${output}`);
    }
    if (offline !== 'all') {
      // What was restored is not what the next ordinary build needs, however new it is.
      projects.forEach(project => rmSync(join(project, 'obj/project.assets.json'), { force: true }));
    }
  } finally {
    await release();
  }
}

/** Publishes the service as it is deployed, compiled ahead of time, but for the stand-ins of Azure's packages; returns its DLL. */
export async function publish(children, folder) {
  const release = await lock(buildLock);
  try {
    const { code, output } = await dotnet(children,
      ['publish', 'functions/AuthFunctions.csproj', '-c', 'Release', '-v', 'quiet', '--disable-build-servers', '-p:Offline=all', '-o', folder]);
    if (code !== 0) {
      throw new Failure(`publishing the service failed.\n${output}`);
    }
  } finally {
    await release();
  }
  copyFileSync('local.settings.json', join(folder, 'local.settings.json'));
  return join(folder, 'AuthFunctions.dll');
}

/** Runs a dotnet command to its end; its output is returned, or shown as it comes. */
export function dotnet(children, args, options = {}) {
  return children.run(`dotnet ${args[0]}`, 'dotnet', args, { ...options, env: dotnetEnvironment });
}

/** Whether a project's packages were restored since anything that names packages changed. */
function isRestored(project) {
  const shared = readdirSync('.').filter(name => /^(Directory\..*|global\.json|nuget\.config)$/i.test(name));
  const own = readdirSync(project).filter(name => name.endsWith('.csproj')).map(name => join(project, name));
  const restored = changedAt(join(project, 'obj/project.assets.json'));
  return [...shared, ...own].every(path => changedAt(path) <= restored);
}

/** When a file last changed, in milliseconds; 0 if there is none. */
function changedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
