import { createPublicKey, verify } from 'node:crypto';

/** Header and claims of a JWT, unverified. */
export function readJwt(token) {
  const [header, claims] = token.split('.', 2).map(part => JSON.parse(Buffer.from(part, 'base64url').toString()));
  return { header, claims };
}

/** Whether a token was signed (ES256) with one of a JWKS's keys. */
export function isSignedBy(token, { keys }) {
  const { header } = readJwt(token);
  const key = keys.find(({ kid }) => kid === header.kid);
  const [signed, signature] = token.split(/\.(?=[^.]*$)/);
  return header.alg === 'ES256' && key !== undefined && verify(
    'sha256',
    Buffer.from(signed),
    { key: createPublicKey({ key, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'));
}
