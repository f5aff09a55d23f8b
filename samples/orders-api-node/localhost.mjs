// For the demo alone: browsers take every name under localhost for this machine, Node does not. Preloaded, so that the API knows nothing of it.
import dns from 'node:dns';

const { lookup } = dns;
dns.lookup = (host, ...rest) => lookup(host.endsWith('.localhost') ? '127.0.0.1' : host, ...rest);
