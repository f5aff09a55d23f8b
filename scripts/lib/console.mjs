const lineLength = 160;

/** Cuts anything that may be a secret, and what is too long for a line. */
export function shorten(text) {
  const cut = text.replace(/[\w\-.~+%]{30,}/g, word => `${word.slice(0, 8)}…`);
  return cut.length > lineLength ? `${cut.slice(0, lineLength)}…` : cut;
}

/** Prints one request and what came back. */
export function printExchange({ method, url, json, form, response }) {
  const { pathname, search, origin } = new URL(url);
  const sent = json ?? form;
  console.log(`    ${method} ${origin}${pathname}${shorten(search)}${sent ? `  ${shorten(JSON.stringify(sent))}` : ''}`);
  const { location, 'set-cookie': cookies = [] } = response.headers;
  const told = [
    location && `to ${shorten(location)}`,
    response.text && shorten(response.text.replace(/\s+/g, ' ')),
    cookies.length > 0 && `cookies: ${cookies.map(cookie => cookie.split('=')[0]).join(', ')}`,
  ].filter(Boolean);
  console.log(`    → ${[response.status, ...told].join('  ')}`);
}
