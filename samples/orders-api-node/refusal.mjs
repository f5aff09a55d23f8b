/** A request that is refused: the status, and what the client is told in the challenge (RFC 6750 §3, RFC 9449 §7.1). */
export class Refusal extends Error {
  constructor(status, error, description, { scope } = {}) {
    super(description);
    this.status = status;
    this.error = error;
    this.scope = scope;
  }

  /** No credentials: the client is told how to come by some, and of no error (RFC 6750 §3.1). */
  static unauthenticated() {
    return new Refusal(401, null, 'an access token is needed');
  }

  static invalidToken(description) {
    return new Refusal(401, 'invalid_token', description);
  }

  static invalidProof(description) {
    return new Refusal(401, 'invalid_dpop_proof', description);
  }

  static insufficientScope(scope) {
    return new Refusal(403, 'insufficient_scope', 'the access token lacks the scope', { scope });
  }

  /** Challenges for every scheme there is; the one that was tried says what was wrong. */
  challenges(tried, metadataUrl) {
    const wrong = this.error && { error: this.error, error_description: this.message, scope: this.scope };
    const challenge = (scheme, own) => `${scheme} ` + Object.entries({ ...own, ...scheme === tried && wrong, resource_metadata: metadataUrl })
      .filter(([, value]) => value !== undefined).map(([name, value]) => `${name}="${value}"`).join(', ');
    return [challenge('Bearer'), challenge('DPoP', { algs: 'ES256' })];
  }
}
