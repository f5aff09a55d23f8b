import { createHmac } from 'node:crypto';
import { Agent, request as open } from 'node:http';
import { Failure } from '../scripts/lib/failure.mjs';

const version = '2020-12-06';

/** Azurite's tables without a client library, so that what is measured is Azurite. */
export class Tables {
  #settings;
  #agent = new Agent({ keepAlive: true, maxSockets: 16 });

  constructor(connectionString) {
    this.#settings = Object.fromEntries(connectionString.split(';').filter(Boolean).map(part => [part.split('=')[0], part.slice(part.indexOf('=') + 1)]));
    const { port, pathname } = new URL(this.#settings.TableEndpoint);
    this.port = Number(port);
    this.path = pathname;
  }

  /** The headers that authorise requests to an address, whatever its query, as lines and as an object (SharedKeyLite). */
  authorize(path) {
    const { AccountName: account, AccountKey: key } = this.#settings;
    const date = new Date().toUTCString();
    const signature = createHmac('sha256', Buffer.from(key, 'base64')).update(`${date}\n/${account}${this.path}${path}`).digest('base64');
    return { 'x-ms-date': date, 'x-ms-version': version, DataServiceVersion: '3.0', Authorization: `SharedKeyLite ${account}:${signature}` };
  }

  /** All rows that a filter finds, with their types, page after page; also how many pages there were. */
  async find(table, filter) {
    const rows = [];
    let [pages, next] = [0, {}];
    do {
      const query = new URLSearchParams({ ...filter && { $filter: filter }, ...next });
      const { status, headers, text } = await this.send('GET', `/${table}()?${query}`, { Accept: 'application/json;odata=fullmetadata' });
      if (status !== 200) {
        throw new Failure(`Azurite answered ${status} to a query of ${table}: ${text}`);
      }
      rows.push(...JSON.parse(text).value);
      pages++;
      next = headers['x-ms-continuation-nextpartitionkey'] && {
        NextPartitionKey: headers['x-ms-continuation-nextpartitionkey'], NextRowKey: headers['x-ms-continuation-nextrowkey'] ?? '',
      };
    } while (next);
    return { rows, pages };
  }

  /** Inserts rows, at most 100. Azurite, unlike Azure, takes those of many partitions at once. */
  async insert(table, rows) {
    const { status, text } = await this.send('POST', '/$batch', { 'Content-Type': batchType }, this.batch(table, rows.map(row => ['POST', row])));
    if (status !== 202 || /HTTP\/1\.1 [45]/.test(text)) {
      throw new Failure(`Azurite took no rows of ${table}: ${status} ${text.slice(0, 500)}`);
    }
  }

  /** The body of a transaction; PUT replaces whatever is there, and DELETE needs the row's keys only. */
  batch(table, changes) {
    const parts = changes.map(([method, row]) => {
      const body = method === 'DELETE' ? '' : JSON.stringify(row);
      const target = method === 'POST' ? table : `${table}${keysOf(row)}`;
      return ['--changeset_1', 'Content-Type: application/http', 'Content-Transfer-Encoding: binary', '',
        `${method} http://127.0.0.1:${this.port}${this.path}/${target} HTTP/1.1`, 'Content-Type: application/json', 'Accept: application/json;odata=nometadata',
        ...method === 'POST' ? ['Prefer: return-no-content'] : ['If-Match: *'], 'DataServiceVersion: 3.0', '', body].join('\r\n');
    });
    return `--batch_1\r\nContent-Type: multipart/mixed; boundary=changeset_1\r\n\r\n${parts.join('\r\n')}\r\n--changeset_1--\r\n--batch_1--\r\n`;
  }

  send(method, path, headers, body) {
    return new Promise((done, fail) => {
      const request = open({ host: '127.0.0.1', port: this.port, method, path: this.path + path, agent: this.#agent, headers: {
        ...this.authorize(path.split('?')[0]), ...headers, ...body && { 'Content-Length': Buffer.byteLength(body) },
      } }, response => {
        let text = '';
        response.setEncoding('utf8').on('data', part => text += part).on('error', fail);
        response.on('end', () => done({ status: response.statusCode, headers: response.headers, text }));
      });
      request.on('error', fail);
      request.end(body);
    });
  }
}

export const batchType = 'multipart/mixed; boundary=batch_1';

/** The address of a row within its table. */
export function keysOf({ PartitionKey, RowKey }) {
  return `(PartitionKey='${PartitionKey}',RowKey='${RowKey}')`;
}

/** A row as it can be written: without what the service adds. */
export function writable(row) {
  return Object.fromEntries(Object.entries(row).filter(([name]) =>
    !name.startsWith('odata.') && !name.startsWith('Timestamp') && !name.endsWith('@odata.editLink')));
}
