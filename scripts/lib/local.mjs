// The local deployment, as the README and local.settings.sample.json describe it.

/** Where the service listens unless told otherwise. */
export const defaultPort = 7071;

/** Where the demo frontends are unless told otherwise; the sites' allow-lists in local.settings.sample.json name it. */
export const defaultFrontendPort = 5173;

export const demoUser = { email: 'ada@contoso.test', password: 'correct horse battery staple', name: 'Ada' };

export const demoClients = [
  'demo-spa, demo-device, demo-partner (public)',
  'demo-web / demo-web-secret',
  'demo-machine / demo-machine-secret',
  'demo-operator / demo-operator-secret',
];

/** The sites of a service on `port`: name, issuer on the auth host, the app's origin, and that of its API, where the site shares cookies with one. */
export function localSites(port, frontendPort = defaultFrontendPort) {
  return ['contoso', 'fabrikam'].map(name => ({
    name,
    auth: `http://auth.${name}.localhost:${port}`,
    app: `http://app.${name}.localhost:${frontendPort}`,
    ...name === 'contoso' && { api: `http://api.${name}.localhost:${frontendPort}` },
  }));
}
