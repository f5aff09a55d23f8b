import { createServer, request as open } from 'node:http';

/** Stands between the service and Azurite and keeps what is asked: method, kind, status, bytes there and back. */
export async function startProxy(connectionString) {
  const target = new URL(/TableEndpoint=([^;]+)/.exec(connectionString)[1]);
  const seen = [];
  const server = createServer((request, response) => {
    const sent = [];
    request.on('data', part => sent.push(part)).on('end', () => {
      const body = Buffer.concat(sent);
      const onward = open({ host: target.hostname, port: target.port, method: request.method, path: request.url, headers: request.headers }, answer => {
        let bytes = 0;
        response.writeHead(answer.statusCode, answer.headers);
        answer.on('data', part => bytes += part.length).pipe(response).on('finish', () => {
          seen.push({ kind: kindOf(request), rows: rowsOf(body), status: answer.statusCode, sent: body.length, received: bytes });
        });
      });
      onward.end(body);
    });
  });
  await new Promise(ready => server.listen(0, '127.0.0.1', ready));
  return {
    connectionString: connectionString.replace(target.origin, `http://127.0.0.1:${server.address().port}`),
    /** What was asked since the last time. */
    take: () => seen.splice(0),
    stop: () => server.closeAllConnections() ?? server.close(),
  };
}

function kindOf({ method, url }) {
  if (url.includes('$batch')) {
    return 'transaction';
  }
  if (url.includes('/UserEmails(')) {
    return 'claim';
  }
  return method !== 'GET' ? 'write' : decodeURIComponent(url).includes("(PartitionKey='") ? 'read' : 'range';
}

function rowsOf(body) {
  return body.toString('latin1').match(/^(POST|PUT|DELETE) \S+ HTTP/gm)?.length ?? 1;
}
