import { createHmac } from 'node:crypto';

/** The version of the service whose signatures these are. */
export const version = '2019-02-02';

/** What opens an account's tables for a day: a shared access signature. */
export function accountSas(connectionString) {
  const [, account] = /AccountName=([^;]+)/.exec(connectionString);
  const [, key] = /AccountKey=([^;]+)/.exec(connectionString);
  const granted = { sp: 'rwacu', ss: 't', srt: 'sco', st: '', se: `${new Date(Date.now() + 86400000).toISOString().slice(0, 19)}Z`, sip: '', spr: 'https,http', sv: version };
  const signature = createHmac('sha256', Buffer.from(key, 'base64')).update([account, ...Object.values(granted), ''].join('\n')).digest('base64');
  return new URLSearchParams({ ...Object.fromEntries(Object.entries(granted).filter(([, value]) => value)), sig: signature }).toString();
}
