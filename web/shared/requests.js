import { AuthError } from '/client.js';

/** The browser's fetch, telling of every request: method, URL and status (0 when nothing answered). */
export function loggedFetch(onCall) {
  return async request => {
    try {
      const response = await fetch(request);
      onCall(request.method, request.url, response.status);
      return response;
    } catch (error) {
      onCall(request.method, request.url, 0);
      throw error;
    }
  };
}

/** Asks an endpoint that the client has no method for, and reads its answer, null where there is none; throws its refusal. */
export async function sendJson(auth, method, path, body) {
  const response = await auth.fetch(auth.url + path, {
    method,
    ...body && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) },
  });
  if (!response.ok) {
    throw await AuthError.from(response);
  }
  const text = await response.text();
  return text ? JSON.parse(text) : null;
}
