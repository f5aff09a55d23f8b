import { createHash } from 'node:crypto';
import { EmbeddedJWK, calculateJwkThumbprint, jwtVerify } from 'jose';
import { Refusal } from './refusal.mjs';

const lifetimeSeconds = 60;
const clockToleranceSeconds = 5;

/**
 * Returns a function that checks a DPoP proof (RFC 9449 §4.3) that came with an access token, and that the token is bound to its key.
 * Used proofs are remembered in this process; with more than one, in something that they share.
 */
export function proofVerifier() {
  const used = new Map();
  return async ({ proof, method, url, accessToken, claims }) => {
    const { payload, protectedHeader } = await read(proof);

    // The proof is for this request: not one made for another endpoint, which could be replayed here.
    if (payload.htm !== method || withoutQuery(payload.htu) !== withoutQuery(url)) {
      throw Refusal.invalidProof('the proof is for another request');
    }

    // And for this token: a proof that was overheard is worth nothing with another.
    if (payload.ath !== createHash('sha256').update(accessToken).digest('base64url')) {
      throw Refusal.invalidProof('the proof is for another access token');
    }

    // The token is bound to the key that made the proof: a stolen token is worth nothing without it.
    const thumbprint = await calculateJwkThumbprint(protectedHeader.jwk);
    if (claims.cnf?.jkt !== thumbprint) {
      throw Refusal.invalidToken('the access token is not bound to the key of the proof');
    }

    // Last, so that only proofs which are good otherwise fill the memory. Once: whoever overheard the whole request cannot send it again.
    if (!useOnce(used, `${thumbprint} ${payload.jti}`)) {
      throw Refusal.invalidProof('the proof was used before');
    }
  };
}

async function read(proof) {
  try {
    const verified = await jwtVerify(proof, EmbeddedJWK, {
      typ: 'dpop+jwt',
      algorithms: ['ES256'],
      maxTokenAge: lifetimeSeconds,
      clockTolerance: clockToleranceSeconds,
      requiredClaims: ['jti', 'htm', 'htu', 'iat', 'ath'],
    });
    if (typeof verified.payload.jti === 'string' && verified.payload.jti.length <= 256) {
      return verified;
    }
  } catch {
    // Said below, in the same words whatever it was.
  }
  throw Refusal.invalidProof('the proof is missing, malformed or too old');
}

/** RFC 9449 §4.3: query and fragment do not count; the URL parser has normalised the rest. */
function withoutQuery(text) {
  const url = URL.canParse(text) && new URL(text);
  return url && url.origin + url.pathname;
}

/** Keeps what is used as long as it could be used again; a Map goes in the order of arrival. */
function useOnce(used, key) {
  const now = Date.now();
  for (const [old, until] of used) {
    if (until > now) {
      break;
    }
    used.delete(old);
  }
  if (used.has(key)) {
    return false;
  }
  used.set(key, now + (lifetimeSeconds + 2 * clockToleranceSeconds) * 1000);
  return true;
}
