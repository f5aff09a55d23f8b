/** A refresh was made; or, otherwise, whom a tab saw signed in. */
type Message = { refreshed: true } | { session: string };

/** The tabs of one origin that go by one auth host's cookies: they take turns at refreshing, and tell each other. */
export class Tabs {
  /** How many refreshes this tab knows of, its own and others'. */
  refreshes = 0;

  readonly #name: string;
  readonly #channel: BroadcastChannel;

  /** What was last said, by whichever tab, of who is signed in: not to be said again. */
  #said: string | undefined;

  /** `onSession` hears whom another tab sees signed in. That may be old news: it is a reason to ask the service, not an answer. */
  constructor(name: string, onSession: (fingerprint: string) => void) {
    this.#name = name;
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }: MessageEvent<Message>) => {
      if ('refreshed' in data) {
        this.refreshes++;
      } else if (data.session !== this.#said) {
        this.#said = data.session;
        onSession(data.session);
      }
    };
  }

  tellRefreshed(): void {
    this.refreshes++;
    this.#channel.postMessage({ refreshed: true } satisfies Message);
  }

  tellSession(fingerprint: string): void {
    if (fingerprint !== this.#said) {
      this.#said = fingerprint;
      this.#channel.postMessage({ session: fingerprint } satisfies Message);
    }
  }

  /** Does something while no other tab does, and tells it whether it had to wait for one. */
  async inTurn<T>(action: (waited: boolean) => Promise<T>): Promise<T> {
    const { locks } = navigator;
    const free = await locks.request(this.#name, { ifAvailable: true }, async lock => lock && { result: await action(false) });
    return free ? free.result : locks.request(this.#name, () => action(true));
  }
}
