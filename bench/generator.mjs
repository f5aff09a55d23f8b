import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { Failure } from '../scripts/lib/failure.mjs';

export const generatorProject = 'bench/AuthFunctions.Bench/AuthFunctions.Bench.csproj';
export const generator = 'bench/AuthFunctions.Bench/bin/Release/net10.0/AuthFunctions.Bench.dll';

// Answers are taken by the thread that waits for them, as event loops do it: generator and service share the cores.
const env = { DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS: '1' };

/** Has the load generator run a plan; what it measured. */
export async function measure(plan) {
  const child = spawn('dotnet', [generator, 'load'], { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...env } });
  child.stdin.end(JSON.stringify(plan));
  let output = '';
  child.stdout.setEncoding('utf8').on('data', text => output += text);
  const code = await new Promise(resolve => child.once('close', resolve));
  if (code !== 0) {
    throw new Failure(`the load generator ended with exit code ${code}.`);
  }
  return JSON.parse(output);
}

/**
 * Has the load generator run several loads at the same time, each at its pace (bench/AuthFunctions.Bench/Mix.cs), which it reads from `path`;
 * hands over what was done in each window, by load, as soon as it ends. The generator's process is told first.
 */
export async function mix(children, path, plan, { onStart = () => {}, onWindow }) {
  writeFileSync(path, JSON.stringify(plan));
  const child = children.start('the load generator', 'dotnet', [generator, 'mix', path], {
    onLine: line => line.startsWith('{') ? onWindow(JSON.parse(line)) : console.log(`generator | ${line}`),
  });
  onStart(child.pid);
  const end = await child.ended;
  if (end !== 'exit code 0') {
    throw new Failure(`the load generator ended with ${end}.`);
  }
}
