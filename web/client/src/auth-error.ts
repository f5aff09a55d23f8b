/** An answer of the service that is a refusal (RFC 9457), or an outage. That nobody answered at all is `fetch`'s own TypeError. */
export class AuthError extends Error {
  override readonly name = 'AuthError';

  constructor(
    /** The HTTP status. */
    readonly status: number,
    /** Stable, for programs: `invalid_credentials`, `too_many_attempts`, `unavailable` …; empty if something between gave the answer. */
    readonly code: string,
    /** For people. */
    message: string,
    /** Seconds to wait before asking again, where the service says so. */
    readonly retryAfter?: number,
  ) {
    super(message);
  }

  /** Reads the refusal out of an answer. */
  static async from(response: Response): Promise<AuthError> {
    const { code = '', detail } = await readProblem(response);
    const retryAfter = Number(response.headers.get('Retry-After')) || undefined;
    return new AuthError(response.status, code, detail ?? `The service answered ${response.status}.`, retryAfter);
  }
}

/** The members of a refusal's body, which stays readable; none where it is not JSON, as a proxy's page is not. */
export async function readProblem(response: Response): Promise<{ code?: string; detail?: string }> {
  return await response.clone().json().catch(() => null) ?? {};
}
