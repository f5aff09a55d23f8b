import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { defaultFrontendPort } from './local.mjs';

const settings = 'local.settings.json';

/** Makes local.settings.json from the sample if there is none; an existing one is the developer's own. */
export function ensureSettings() {
  if (!existsSync(settings)) {
    copyFileSync('local.settings.sample.json', settings);
  }
}

/** The settings that name an address of the demo frontends, with the port they listen on instead of the usual one. */
export function settingsForFrontends(port) {
  if (port === defaultFrontendPort) {
    return {};
  }
  const { Values } = JSON.parse(readFileSync(settings, 'utf8'));
  return Object.fromEntries(Object.entries(Values)
    .map(([name, value]) => [name, value.replace(new RegExp(`^(http://[a-z.]+\\.localhost):${defaultFrontendPort}(?=/|$)`), `$1:${port}`)])
    .filter(([name, value]) => value !== Values[name]));
}
