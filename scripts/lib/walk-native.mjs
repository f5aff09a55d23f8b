import { setTimeout as delay } from 'node:timers/promises';
import { printExchange } from './console.mjs';
import { Client } from './http.mjs';
import { expect, expectAnswer, expectThat } from './steps.mjs';

// The default of ten seconds, and a little for the machine.
const leewayMilliseconds = 10500;

/** What a native app does: tokens in the body, and refresh tokens that rotate. */
export class NativeWalk {
  #app = new Client({ onExchange: printExchange });
  #auth;
  #account;
  #first = '';
  #second = '';
  #third = '';
  #rotatedAt = 0;

  constructor([contoso], account) {
    this.#auth = contoso.auth;
    this.#account = account;
  }

  async begin(steps) {
    await steps.run('Sign in as a native app: tokens in the body', async () => {
      const { email, password } = this.#account;
      const answer = await this.#post('/login', { email, password, transport: 'body' });
      expectAnswer(answer, 200);
      expectThat(answer.body.access_token && answer.body.id_token, 'a token is missing');
      expect('cookies', answer.headers['set-cookie'], undefined);
      this.#first = answer.body.refresh_token;
    });
    await steps.run('Rotate the refresh token', async () => {
      this.#second = await this.#refresh(this.#first);
      this.#rotatedAt = Date.now();
      expectThat(this.#second !== this.#first, 'the refresh token stayed the same');
    });
    await steps.run('Present the old one again, as after a lost answer: within the leeway it gets the same successor', async () => {
      expectThat(await this.#refresh(this.#first) === this.#second, 'another refresh token came back');
    });
  }

  async end(steps) {
    await steps.run('After the leeway, rotate again', async () => {
      const wait = Math.max(0, this.#rotatedAt + leewayMilliseconds - Date.now());
      console.log(`    waiting ${(wait / 1000).toFixed(1)} s`);
      await delay(wait);
      this.#third = await this.#refresh(this.#second);
      expectThat(this.#third !== this.#second, 'the refresh token stayed the same');
    });
    await steps.run('Present the first one now: reuse, which ends the session for owner and thief alike', async () => {
      expectAnswer(await this.#post('/refresh', { refresh_token: this.#first }), 401, 'session_ended');
      expectAnswer(await this.#post('/refresh', { refresh_token: this.#third }), 401, 'session_ended');
    });
  }

  async #refresh(token) {
    const answer = await this.#post('/refresh', { refresh_token: token });
    expectAnswer(answer, 200);
    return answer.body.refresh_token;
  }

  #post(path, json) {
    return this.#app.send('POST', `${this.#auth}${path}`, { json });
  }
}
