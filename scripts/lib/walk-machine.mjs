import { printExchange } from './console.mjs';
import { Client } from './http.mjs';
import { isSignedBy, readJwt } from './jwt.mjs';
import { expect, expectAnswer, expectThat } from './steps.mjs';

const machine = `Basic ${Buffer.from('demo-machine:demo-machine-secret').toString('base64')}`;

/** What a back end does: a token of its own, which the API it calls can check in two ways. */
export class MachineWalk {
  #client = new Client({ onExchange: printExchange });
  #issuer;
  #token = '';

  constructor([contoso]) {
    this.#issuer = contoso.auth;
  }

  async run(steps) {
    await steps.run('Get a token for demo-machine (client credentials)', async () => {
      const answer = await this.#post('/token', { grant_type: 'client_credentials', scope: 'orders.read' });
      expectAnswer(answer, 200);
      expect('token type', answer.body.token_type, 'Bearer');
      this.#token = answer.body.access_token;
    });
    await steps.run('Introspect it', async () => {
      const answer = await this.#post('/introspect', { token: this.#token });
      expectAnswer(answer, 200);
      expect('active', answer.body.active, true);
      expect('client', answer.body.client_id, 'demo-machine');
      expect('scope', answer.body.scope, 'orders.read');
    });
    await steps.run('Check its signature (ES256) with the published keys', async () => {
      const answer = await this.#client.send('GET', `${this.#issuer}/.well-known/jwks.json`);
      expectAnswer(answer, 200);
      expectThat(answer.body.keys.every(key => !('d' in key)), 'a private key is published');
      expectThat(isSignedBy(this.#token, answer.body), 'the signature does not match');
      expect('issuer', readJwt(this.#token).claims.iss, this.#issuer);
      expect('type', readJwt(this.#token).header.typ, 'at+jwt');
    });
  }

  #post(path, form) {
    return this.#client.send('POST', `${this.#issuer}${path}`, { form, headers: { Authorization: machine } });
  }
}
