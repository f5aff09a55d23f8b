import { createRemoteJWKSet, decodeJwt, errors, jwtVerify } from 'jose';
import { Refusal } from './refusal.mjs';

/** Returns a function that checks access tokens (RFC 9068) for one API from any of the issuers, and returns their claims. */
export function accessTokenVerifier({ resource, issuers }) {
  // jose fetches the keys when it first needs them and keeps them ten minutes; a key that it does not know makes it look again, at most twice a minute.
  const keys = new Map(issuers.map(issuer => [issuer, createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`))]));
  return async token => {
    try {
      // The issuer that the token claims only picks the keys, and only among ours: no token leads this API anywhere else.
      const issuer = keys.has(decodeJwt(token).iss) ? decodeJwt(token).iss : issuers[0];
      const { payload } = await jwtVerify(token, keys.get(issuer), {
        issuer,

        // A token for another API opens nothing here.
        audience: resource,

        // An ID token is signed by the same key, for the client to read; it opens nothing.
        typ: 'at+jwt',

        // The algorithm is this API's choice, not the token's.
        algorithms: ['ES256'],

        // jose checks what is there; a token without an end must not be taken for one that has not ended.
        requiredClaims: ['exp', 'sub', 'client_id'],
        clockTolerance: 30,
      });
      return payload;
    } catch (error) {
      if (isOutage(error)) {
        throw new Refusal(503, null, 'the keys cannot be reached');
      }
      throw Refusal.invalidToken('the access token is invalid, expired, or for something else');
    }
  };
}

/** Nothing was found out about the token, so the client must not throw it away. */
function isOutage(error) {
  return !(error instanceof errors.JOSEError) || error instanceof errors.JWKSTimeout || error.code === 'ERR_JOSE_GENERIC';
}
