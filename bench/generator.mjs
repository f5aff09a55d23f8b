import { spawn } from 'node:child_process';
import { Failure } from '../scripts/lib/failure.mjs';

export const generatorProject = 'bench/AuthFunctions.Bench/AuthFunctions.Bench.csproj';
export const generator = 'bench/AuthFunctions.Bench/bin/Release/net10.0/AuthFunctions.Bench.dll';

/** Has the load generator run a plan; what it measured. */
export async function measure(plan) {
  const child = spawn('dotnet', [generator, 'load'], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(plan));
  let output = '';
  child.stdout.setEncoding('utf8').on('data', text => output += text);
  const code = await new Promise(resolve => child.once('close', resolve));
  if (code !== 0) {
    throw new Failure(`the load generator ended with exit code ${code}.`);
  }
  return JSON.parse(output);
}
