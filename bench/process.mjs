import { readdirSync, readFileSync } from 'node:fs';
import { Failure } from '../scripts/lib/failure.mjs';

// Of the kernel's clock, on every Linux there is (getconf CLK_TCK).
const ticksPerSecond = 100;

/** Fails where the kernel does not tell of processes as Linux does. */
export function checkLinux() {
  if (process.platform !== 'linux') {
    throw new Failure(`reads /proc, which ${process.platform} does not have; run it on Linux, or in a container.`);
  }
}

/** What the kernel knows of a process: its memory (all of it that is resident, and what it shares with nobody), open files, threads, CPU time. */
export function readProcess(pid) {
  const memory = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const megabytes = name => Number(new RegExp(`^${name}: +(\\d+) kB`, 'm').exec(memory)[1]) / 1024;
  return {
    residentMegabytes: megabytes('Rss'),
    privateMegabytes: megabytes('Private_Clean') + megabytes('Private_Dirty'),
    files: readdirSync(`/proc/${pid}/fd`).length,
    threads: Number(readStat(pid)[17]),
    cpuSeconds: cpuSeconds(pid),
  };
}

/** The CPU time that a process has had. */
export function cpuSeconds(pid) {
  const [user, system] = readStat(pid).slice(11, 13).map(Number);
  return (user + system) / ticksPerSecond;
}

/** The fields of /proc/PID/stat from the third on: the second is a name in brackets, which may hold blanks. */
function readStat(pid) {
  return readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
}
