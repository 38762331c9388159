import { Accounts, browserChance, browserClock, browserSocket, browserTexts, connect, endingOf, Http, sumOfUnsent, wakeWith } from "../../../src/index";
import type { Client, Link, Me, Problem, Unsent } from "../../../src/index";
import { finishWipes, idleHere, letGoOf, sweep, used, wipe } from "./device";
import { clearOthers, openDrawer, type Drawer } from "./drawer";
import { lastActor, lastPerson, rememberActor } from "./last-person";
import { deletion, everybody, forgetDeletion, isSignOutDue, markSignOut, noteDeletion, onDeletion, type Deletion } from "./marks";
import { hear, tell, type Departure, type Word } from "./tabs";

const answer_ms = 30_000; // no request waits for ever

export const http = new Http(
  (url, init) => fetch(url, { signal: AbortSignal.timeout(answer_ms), ...init }),
  ({ code }) => { if (code === "signed_out") account.doubt(); },
);

export const accounts = new Accounts(http);

type SignIn =
  | { readonly state: "asking" }
  | { readonly state: "out" }
  | { readonly state: "in"; readonly me: Me };

// Who signed in, the one connection that belongs to them, and what becomes of what is kept of them here.
class Account {
  sign = $state.raw<SignIn>({ state: "asking" });
  link = $state.raw<Link>({ state: "connecting" });
  waiting = $state(0);
  unsentTexts = $state(0); // how many texts have letters that only this device holds, when it was last asked
  deleted = $state.raw<Deletion>(); // without anybody's asking here; to be read
  #client: Client | undefined;
  #drawer: Drawer | undefined;
  #entering = 0; // how often somebody was let in or let go
  #stop: () => void = () => {};
  #going: string | undefined; // who is signing out here, or in another tab
  #doubting = false;
  #looking: Promise<unknown> = Promise.resolve();

  get me(): Me | undefined {
    return this.sign.state === "in" ? this.sign.me : undefined;
  }

  get client(): Client {
    if (!this.#client) throw new Error("Nobody is signed in.");
    return this.#client;
  }

  // What is kept of the person on this device beside texts.
  get drawer(): Drawer {
    if (!this.#drawer) throw new Error("Nobody is signed in.");
    return this.#drawer;
  }

  // Before anything that is kept is shown, what must go has gone.
  async start(): Promise<void> {
    this.deleted = deletion();
    onDeletion((changed) => { this.deleted = changed; });
    hear((word) => { this.#hear(word); });
    for (const woken of ["online", "pageshow"]) addEventListener(woken, () => { this.#look(); });
    document.addEventListener("visibilitychange", () => { this.#look(); });
    await finishWipes();
    await this.#wipeIdle();
    await this.#ask();
    void sweep();
  }

  async countUnsent(): Promise<void> {
    const client = this.#client;
    const unsent = await client?.unsentTexts().catch(() => undefined); // a device that keeps nothing cannot tell
    if (client === this.#client) this.unsentTexts = unsent?.texts ?? 0;
  }

  async signIn(actor: string): Promise<Problem | undefined> {
    await this.settle();
    const answer = await http.signIn(actor);
    if (!answer.ok) return answer.problem;
    await this.enter(answer.value);
    return undefined;
  }

  // The server let somebody in: what another person's visit left goes.
  async enter(me: Me): Promise<void> {
    this.#leave();
    markSignOut(false);
    await this.#enter(me, true);
  }

  // Here too: nothing of the person's stays on this device. `tokens`: those for scripts are revoked as well.
  async signOutEverywhere(tokens: boolean): Promise<Problem | undefined> {
    return this.#signOut(() => accounts.signOutEverywhere(tokens));
  }

  // Nothing of the person's stays on this device, not even what was not sent. Only the server can end a sign-in:
  // where it cannot be reached nothing changes.
  async signOut(): Promise<Problem | undefined> {
    return this.#signOut(() => http.signOut());
  }

  // Nothing of anybody's stays, whether or not the server can be reached. It hears of the sign-out as soon as it can be,
  // and until then nobody is here.
  async forgetDevice(): Promise<void> {
    if (this.me) tell({ type: "going", actor: this.me.actor });
    markSignOut(true);
    await this.#depart(everybody, "here");
    await this.settle();
  }

  // Tells the server of a sign-out that it has not heard of. Answers whether it knows now.
  async settle(): Promise<boolean> {
    if (!isSignOutDue()) return true;
    const { ok } = await http.signOut(true);
    if (ok) markSignOut(false);
    return ok;
  }

  // The sign-in has ended by itself: what is unsent waits here until the same person is back.
  end(): void {
    this.#leave();
    this.sign = { state: "out" };
  }

  // What was deleted has been read.
  dismissDeletion(): void {
    forgetDeletion();
    this.deleted = undefined;
  }

  // Something says that the sign-in has ended: only the server knows.
  doubt(): void {
    const { me } = this;
    if (!me || this.#doubting) return;
    this.#doubting = true;
    void http.me().then((answer) => {
      this.#doubting = false;
      const ending = answer.ok ? undefined : endingOf(answer.problem.code);
      if (this.me !== me || !ending) return;
      if (ending === "signed_out") void this.#signedOut(me.actor);
      else this.link = { state: "signed-out", why: ending };
    });
  }

  // Without a connection, whoever was here last sees what they saw last.
  async #ask(): Promise<void> {
    if (this.sign.state !== "asking") return;
    const answer = await this.settle() ? await http.me() : undefined;
    if (this.me) return; // by another way, meanwhile
    const last = lastActor();
    const code = answer && !answer.ok ? answer.problem.code : "";
    if (answer?.ok) return this.#enter(answer.value, true);
    if (endingOf(code) === "signed_out" && last) return this.#signedOut(last);
    const entering = this.#entering;
    const kept = code === "unreachable" ? await lastPerson() : undefined;
    if (entering !== this.#entering) return;
    if (kept) await this.#enter(kept, false);
    else this.sign = { state: "out" };
  }

  async #signOut(ask: () => Promise<{ ok: true } | { ok: false; problem: Problem }>): Promise<Problem | undefined> {
    const { me } = this;
    if (!me) return undefined;
    this.#going = me.actor;
    tell({ type: "going", actor: me.actor });
    const answer = await ask();
    const isOut = answer.ok || (this.link.state === "signed-out" && this.link.why === "signed_out");
    if (isOut) await this.#depart(me.actor, "here");
    else tell({ type: "stayed", actor: me.actor });
    this.#going = undefined;
    return answer.ok || isOut ? undefined : answer.problem;
  }

  // Somebody ended the session: another tab, another device, or with the account.
  async #signedOut(actor: string): Promise<void> {
    await this.#depart(actor, this.#going === actor ? "here" : "signed_out");
  }

  // All that is kept of the person goes, in every tab.
  async #depart(actor: string, why: Departure): Promise<void> {
    tell({ type: "gone", actor, why });
    await this.#wipe(actor, why);
  }

  async #wipe(actor: string, why: Departure): Promise<void> {
    const client = this.me && (actor === everybody || actor === this.me.actor) ? this.#client : undefined;
    const waiting = client ? this.waiting : 0;
    if (client) this.#drawer?.close();
    const forgetting = wipe(actor, client);
    if (client) {
      this.#leave();
      this.sign = { state: "asking" };
    }
    const { unsent, whole } = await forgetting;
    if (why !== "here") this.deleted = noteDeletion({ why, unsent: sumOfUnsent(unsent, commands(waiting)), unfinished: !whole });
    if (!this.me && why !== "idle" && why !== "idle_other") this.sign = { state: "out" };
  }

  #hear(word: Word): void {
    if (word.type === "going") this.#going = word.actor;
    else if (word.type === "stayed") this.#going = undefined;
    else if (!this.me || (word.actor !== everybody && word.actor !== this.me.actor)) void letGoOf(word.actor);
    else void this.#wipe(word.actor, word.why).then(() => this.#ask());
  }

  // The page is looked at again, or left: how long was nobody here? One look after the other.
  #look(): void {
    this.#looking = this.#looking.then(async () => {
      if (this.sign.state === "asking") return;
      await this.#wipeIdle();
      await this.#ask();
      if (this.me) await used(this.me.actor, this.link.state === "live");
      else {
        await finishWipes();
        await this.settle();
      }
    }).catch((error: unknown) => { console.error("What is kept here could not be looked at:", error); });
  }

  async #wipeIdle(): Promise<void> {
    for (const actor of await idleHere()) await this.#depart(actor, lastActor() === actor ? "idle" : "idle_other");
  }

  // What is kept of the person is read first.
  async #enter(me: Me, confirmed: boolean): Promise<void> {
    const entering = this.#entering += 1;
    this.sign = { state: "asking" };
    if (confirmed && lastActor() !== me.actor) await clearOthers(me.actor).catch((error: unknown) => { console.warn("What others saw here could not be cleared:", error); });
    const drawer = await openDrawer(me.actor);
    if (entering !== this.#entering) return drawer.close();
    rememberActor(me.actor);
    drawer.set("me", me);
    void drawer.write(); // a page that is opened without a network a moment later knows who is here
    this.#drawer = drawer;
    void used(me.actor, confirmed);
    const url = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/v1/live`;
    const client = connect({
      url, socket: browserSocket, clock: browserClock, random: browserChance, memory: drawer.memory,
      texts: browserTexts(me.actor, http),
    });
    this.#client = client;
    this.#going = undefined;
    const unwake = wakeWith(client);
    const unlink = client.link.subscribe((link) => { this.#linked(link); });
    const unwait = client.waiting.subscribe((waiting) => { this.waiting = waiting; });
    this.#stop = () => { unwake(); unlink(); unwait(); client.close(); };
    this.sign = { state: "in", me };
  }

  #leave(): void {
    this.#entering += 1;
    this.#stop();
    const drawer = this.#drawer;
    this.#drawer = undefined;
    void drawer?.leave();
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
    if (newly) this.doubt();
    if (link.state === "signed-out" && link.why === "signed_out" && this.me && this.#going !== this.me.actor) void this.#signedOut(this.me.actor);
  }
}

// Changes that waited in this page's memory.
function commands(waiting: number): Unsent {
  return { changes: waiting, texts: 0, parked: 0 };
}

export const account = new Account();
