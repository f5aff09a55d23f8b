import { parseArgs } from 'node:util';
import { Failure } from './failure.mjs';

/** Reads the command line; prints the usage text and ends when asked for help. */
export function readOptions(options, usage) {
  let values;
  try {
    ({ values } = parseArgs({ options: { ...options, help: { type: 'boolean', short: 'h' } }, strict: true }));
  } catch (error) {
    throw new Failure(`${error.message.split('\n')[0]}\n\n${usage}`);
  }
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  return values;
}

/** A port from the command line, 1 to 65535. */
export function readPort(text, option = '--port') {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65535) {
    throw new Failure(`${option} must be 1 to 65535, but is '${text}'.`);
  }
  return port;
}

/** A count from the command line, 1 or more. */
export function readCount(option, text, most = 1000) {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || count > most) {
    throw new Failure(`${option} must be 1 to ${most}, but is '${text}'.`);
  }
  return count;
}

/** A number from the command line, above 0. */
export function readNumber(option, text, most) {
  const number = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || number === 0 || number > most) {
    throw new Failure(`${option} must be above 0 and at most ${most}, but is '${text}'.`);
  }
  return number;
}
