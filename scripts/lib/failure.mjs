/** Something the person at the console can mend: shown as one line, without a stack trace. */
export class Failure extends Error {}

/** Runs an entry point and ends the process with the number it returns; 1 when it fails. */
export async function main(name, action) {
  let code = 1;
  try {
    code = await action();
  } catch (error) {
    console.error(error instanceof Failure ? `scripts/${name}: ${error.message}` : error);
  }
  // Whatever is still under way was given up, such as waiting for another build.
  process.exit(code);
}
