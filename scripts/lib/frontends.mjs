import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { builtClient } from './client.mjs';
import { close, listenOnLoopback } from './ports.mjs';

const contentTypes = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

// A file is a plain name, so that no path leads out of web/.
const file = /^\/(shared\/)?([a-z][a-z0-9-]*\.[a-z]+)$/;

/** Serves web/{site} to each site's app origin, and its API, all on one port; returns a function that stops it, or null if the port is taken. */
export async function serveFrontends(sites, cookieMode) {
  const apis = new Map(sites.filter(({ api }) => api).map(site => [new URL(site.api).host, openApi(site)]));
  const answerAny = (request, response) =>
    apis.get(request.headers.host?.toLowerCase())?.(request, response) ?? answer(request, response, sites, cookieMode);
  const handler = (request, response) => answerAny(request, response).catch(error => {
    console.error(error);
    response.headersSent ? response.destroy() : send(request, response, 500, 'Something went wrong.');
  });
  const servers = await listenOnLoopback(Number(new URL(sites[0].app).port), () => createServer(handler));
  return servers && (() => Promise.all(servers.map(close)));
}

/** Loaded when it is first called: it needs packages that a fresh clone has not installed yet when the frontends take their port. */
function openApi(site) {
  let api;
  return async (request, response) => {
    api ??= import('../../web/api/orders.mjs').then(({ ordersApi }) => ordersApi(site));
    await (await api)(request, response);
  };
}

async function answer(request, response, sites, cookieMode) {
  const site = sites.find(({ app }) => new URL(app).host === request.headers.host?.toLowerCase());
  if (!site) {
    return send(request, response, 421, 'No frontend has this name.');
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    return send(request, response, 405, 'Only GET and HEAD.');
  }
  secure(response, site);
  const path = request.url.split('?')[0];
  if (path === '/config.json') {
    const [other] = sites.filter(({ name }) => name !== site.name);
    return send(request, response, 200, JSON.stringify({ site, other, cookieMode }), 'application/json');
  }
  const [, shared, name] = file.exec(path === '/' ? '/index.html' : path) ?? [];
  const contentType = contentTypes[extname(name ?? '')];
  const source = path === '/client.js' ? builtClient : contentType && join('web', shared ? 'shared' : site.name, name);
  const content = source && await readFile(source).catch(() => null);
  return content
    ? send(request, response, 200, content, contentType)
    : send(request, response, 404, 'There is nothing here.');
}

/** Nothing but the page's own files runs, and it talks to nobody but its own auth host and API. */
function secure(response, site) {
  response.setHeader('Content-Security-Policy', [
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", `connect-src 'self' ${site.auth} ${site.api ?? ''}`,
    "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'",
  ].join('; '));
  response.setHeader('Referrer-Policy', 'same-origin');
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  response.setHeader('Cache-Control', 'no-cache');
}

function send(request, response, status, body, contentType = 'text/plain; charset=utf-8') {
  response.writeHead(status, {
    'Content-Type': contentType,
    'Content-Length': Buffer.byteLength(body),
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}
