/**
 * The site of a URL, as SameSite means it: scheme and registrable domain. Every x.localhost is a domain of its own.
 */
export function siteOf(url) {
  const { protocol, hostname } = new URL(url);
  return `${protocol}//${hostname.split('.').slice(-2).join('.')}`;
}

/** A browser's cookie jar (RFC 6265bis), as far as a session can tell the difference. */
export class CookieJar {
  #cookies = [];

  /** What goes into the Cookie header, or undefined. `context`: is the request same-site, and a navigation? */
  header(url, context) {
    this.#dropExpired();
    const { hostname, pathname } = new URL(url);
    return this.#cookies
      .filter(cookie => matchesDomain(hostname, cookie) && matchesPath(pathname, cookie.path))
      .filter(cookie => !cookie.secure || isTrustworthy(url))
      .filter(cookie => isSent(cookie, context))
      .sort((a, b) => b.path.length - a.path.length)
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ') || undefined;
  }

  /** Takes in a response's Set-Cookie headers; refuses what a browser would. */
  store(url, headers, context) {
    for (const cookie of headers.map(header => parse(url, header))) {
      const wanted = cookie && isAllowed(url, cookie)
        && (context.sameSite || context.navigation || cookie.sameSite === 'none');
      if (wanted) {
        this.#cookies = this.#cookies.filter(kept => !isSame(kept, cookie));
        this.#cookies.push(cookie);
      }
    }
    this.#dropExpired();
  }

  #dropExpired() {
    this.#cookies = this.#cookies.filter(({ expiresAt }) => expiresAt > Date.now());
  }
}

function parse(url, header) {
  const { hostname, pathname } = new URL(url);
  const [pair, ...attributes] = header.split(';').map(part => part.trim());
  const split = pair.indexOf('=');
  if (split < 1) {
    return null;
  }
  const given = new Map(attributes.map(attribute => {
    const [name, ...value] = attribute.split('=');
    return [name.toLowerCase(), value.join('=')];
  }));
  const domain = given.get('domain')?.replace(/^\./, '').toLowerCase();
  return {
    name: pair.slice(0, split),
    value: pair.slice(split + 1),
    domain: domain || hostname,
    hostOnly: !domain,
    path: given.get('path')?.startsWith('/') ? given.get('path') : pathname.replace(/\/[^/]*$/, '') || '/',
    secure: given.has('secure'),
    sameSite: given.get('samesite')?.toLowerCase() ?? 'lax',
    expiresAt: expiry(given),
  };
}

// Max-Age goes before Expires; a session cookie lasts as long as the jar.
function expiry(given) {
  if (/^-?\d+$/.test(given.get('max-age') ?? '')) {
    return Date.now() + Number(given.get('max-age')) * 1000;
  }
  const expires = Date.parse(given.get('expires') ?? '');
  return Number.isNaN(expires) ? Infinity : expires;
}

function isAllowed(url, { name, domain, hostOnly, path, secure, sameSite }) {
  if (!hostOnly && (!domain.includes('.') || !matchesDomain(new URL(url).hostname, { domain, hostOnly }))) {
    return false;
  }
  if ((secure && !isTrustworthy(url)) || (sameSite === 'none' && !secure)) {
    return false;
  }
  const prefixed = name.toLowerCase();
  return prefixed.startsWith('__host-') ? secure && hostOnly && path === '/'
    : !prefixed.startsWith('__secure-') || secure;
}

function isSent({ sameSite }, { sameSite: isSameSite, navigation, safe }) {
  return isSameSite || sameSite === 'none' || (sameSite === 'lax' && navigation && safe);
}

// Browsers treat names under localhost as secure, since they never leave the machine.
function isTrustworthy(url) {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || hostname === 'localhost' || hostname.endsWith('.localhost');
}

function matchesDomain(host, { domain, hostOnly }) {
  return host === domain || (!hostOnly && host.endsWith(`.${domain}`));
}

function matchesPath(path, cookiePath) {
  return path === cookiePath || (path.startsWith(cookiePath) && (cookiePath.endsWith('/') || path[cookiePath.length] === '/'));
}

function isSame(a, b) {
  return a.name === b.name && a.domain === b.domain && a.hostOnly === b.hostOnly && a.path === b.path;
}
