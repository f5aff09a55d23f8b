import { execFileSync } from 'node:child_process';

/** The processes that descend from one, itself left out. */
export function descendantsOf(pid) {
  const processes = listProcesses();
  const found = [pid];
  for (const parent of found) {
    found.push(...processes.filter(process => process.parent === parent).map(process => process.pid));
  }
  return found.slice(1);
}

/** Those of the processes that still run. */
export function stillRunning(pids) {
  return listProcesses().map(({ pid }) => pid).filter(pid => pids.includes(pid));
}

// The dead that nobody has asked after yet (Z) no longer run.
function listProcesses() {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' }).trim().split('\n')
    .map(line => line.trim().split(/\s+/))
    .filter(([, , state]) => !state.startsWith('Z'))
    .map(([pid, parent]) => ({ pid: Number(pid), parent: Number(parent) }));
}
