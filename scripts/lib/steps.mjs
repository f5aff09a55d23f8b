import { isDeepStrictEqual } from 'node:util';

class Unexpected extends Error {}

/** Runs named steps, tells how each went, and counts them. A failed one does not keep the rest from running. */
export class Steps {
  #failed = 0;
  #total = 0;

  async run(title, action) {
    console.log(`\n${++this.#total}. ${title}`);
    try {
      await action();
      console.log('   done');
    } catch (error) {
      this.#failed++;
      console.log(`   FAILED: ${error instanceof Unexpected ? error.message : error.stack}`);
    }
  }

  /** Prints the closing line; whether every step was done. */
  close() {
    console.log(`\n${this.#total - this.#failed} of ${this.#total} steps done`);
    return this.#failed === 0;
  }
}

/** Ends the step unless both are equal. */
export function expect(what, actual, expected) {
  if (!isDeepStrictEqual(actual, expected)) {
    throw new Unexpected(`${what}: expected ${show(expected)}, but is ${show(actual)}`);
  }
}

/** Ends the step unless the condition holds. */
export function expectThat(condition, message) {
  if (!condition) {
    throw new Unexpected(message);
  }
}

/** Ends the step unless the answer has this status and, in its problem or error, this code. */
export function expectAnswer({ status, body }, expected, code) {
  expect('status', status, expected);
  if (code) {
    expect('code', body?.code ?? body?.error, code);
  }
}

function show(value) {
  return value === undefined ? 'absent' : JSON.stringify(value);
}
