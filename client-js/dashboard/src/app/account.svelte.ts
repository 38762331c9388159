import { Accounts, browserChance, browserClock, browserSocket, browserTexts, connect, Http, wakeWith } from "../../../src/index";
import type { Client, Link, Me, Problem } from "../../../src/index";
import { forget, forgetAll, localMemory } from "./memory";

const answer_ms = 30_000; // no request waits for ever
const forget_ms = 5_000;

export const http = new Http((url, init) => fetch(url, { signal: AbortSignal.timeout(answer_ms), ...init }));

export const accounts = new Accounts(http);

const key = "mosty.me";

type SignIn =
  | { readonly state: "asking" }
  | { readonly state: "out" }
  | { readonly state: "in"; readonly me: Me };

// Who signed in, and the one connection that belongs to them.
class Account {
  sign = $state.raw<SignIn>({ state: "asking" });
  link = $state.raw<Link>({ state: "connecting" });
  waiting = $state(0);
  unsentTexts = $state(0); // how many texts have letters that only this device holds, when it was last asked
  #client: Client | undefined;
  #stop: () => void = () => {};

  get me(): Me | undefined {
    return this.sign.state === "in" ? this.sign.me : undefined;
  }

  get client(): Client {
    if (!this.#client) throw new Error("Nobody is signed in.");
    return this.#client;
  }

  // Without a connection, whoever was here last sees what they saw last.
  async start(): Promise<void> {
    const answer = await http.me();
    const last = lastPerson();
    if (answer.ok && answer.value.actor !== last?.actor) forget(); // signed in at a provider's page, perhaps
    if (answer.ok) this.#enter(answer.value);
    else if (answer.problem.code === "unreachable" && last) this.#enter(last);
    else this.sign = { state: "out" };
  }

  async countUnsent(): Promise<void> {
    const client = this.#client;
    const unsent = await client?.unsentTexts().catch(() => undefined); // a device that keeps nothing cannot tell
    if (client === this.#client) this.unsentTexts = unsent?.texts ?? 0;
  }

  async signIn(actor: string): Promise<Problem | undefined> {
    const answer = await http.signIn(actor);
    if (!answer.ok) return answer.problem;
    this.enter(answer.value);
    return undefined;
  }

  // The server let somebody in: what another person's visit left goes.
  enter(me: Me): void {
    this.#leave();
    forget();
    this.#enter(me);
  }

  // Here too: nothing of the person's stays on this device.
  async signOutEverywhere(): Promise<Problem | undefined> {
    const answer = await accounts.signOutEverywhere();
    return answer.ok ? this.signOut() : answer.problem;
  }

  // Nothing of the person's stays on this device, not even what was not sent. Only the server can end a sign-in:
  // where it cannot be reached nothing changes.
  async signOut(forgetDevice = false): Promise<Problem | undefined> {
    const answer = await http.signOut(forgetDevice);
    if (!answer.ok) return answer.problem;
    // A device that does not answer must not keep anybody signed in.
    await Promise.race([this.#client?.forgetTexts(), new Promise((over) => setTimeout(over, forget_ms))]);
    this.#leave();
    forget();
    localStorage.removeItem(key);
    if (forgetDevice) forgetAll();
    this.sign = { state: "out" };
    return undefined;
  }

  // The sign-in has ended by itself: what is unsent waits here until the same person is back.
  end(): void {
    this.#leave();
    this.sign = { state: "out" };
  }

  #enter(me: Me): void {
    try {
      localStorage.setItem(key, JSON.stringify(me));
    } catch {
      // Then a page opened without a connection cannot tell who is here.
    }
    const url = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/v1/live`;
    const client = connect({
      url, socket: browserSocket, clock: browserClock, random: browserChance, memory: localMemory(me.actor),
      texts: browserTexts(me.actor, http),
    });
    this.#client = client;
    const unwake = wakeWith(client);
    const unlink = client.link.subscribe((link) => { this.#linked(link); });
    const unwait = client.waiting.subscribe((waiting) => { this.waiting = waiting; });
    this.#stop = () => { unwake(); unlink(); unwait(); client.close(); };
    this.sign = { state: "in", me };
  }

  #leave(): void {
    this.#stop();
    this.#stop = () => {};
    this.#client = undefined;
    this.waiting = 0;
    this.unsentTexts = 0;
  }

  // A refused handshake looks like a lost connection: only asking tells that the sign-in has ended.
  #linked(link: Link): void {
    const newly = link.state === "offline" && this.link.state !== "offline";
    this.link = link;
    if (newly) void this.countUnsent();
    if (newly) void http.me().then((answer) => {
      if (!answer.ok && answer.problem.code === "not_signed_in" && this.sign.state === "in") {
        this.link = { state: "signed-out" };
      }
    });
  }
}

function lastPerson(): Me | undefined {
  try {
    const text = localStorage.getItem(key);
    return text === null ? undefined : JSON.parse(text) as Me;
  } catch {
    return undefined;
  }
}

export const account = new Account();
