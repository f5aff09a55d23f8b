/** Who is signed in, as `GET /session` tells it. */
export interface Session {
  user: User;
  session: SessionDetails;
}

export interface User {
  id: string;
  email?: string | null;
  name?: string | null;
}

/** Times are RFC 3339. The session ends at `expires_at` at the latest, however much it is used. */
export interface SessionDetails {
  id: string;
  site: string;
  created_at: string;
  expires_at: string;
}
