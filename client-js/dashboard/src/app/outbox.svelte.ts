import type { CommandState, JsonObject } from "../../../src/index";
import type { Labels } from "../forms/written";
import { account } from "./account.svelte";
import { locale } from "./locale.svelte";

const finished_ms = 60_000;
const kept_max = 1_200;

// One change that somebody made here, from the press of a button to the server's answer.
export class Sending {
  readonly id: string;
  readonly #language = locale.language;
  readonly made = Date.now();
  readonly where = document.querySelector("h1")?.textContent ?? ""; // the page's title, to recall it by
  state = $state.raw<CommandState>({ state: "queued" });
  answered = $state<number>();
  seen = $state(false); // a refusal that was shown where the change was made
  left = $state(false); // the form in which it was written is closed

  // `labels`: what the form calls its fields, in the language of that moment.
  constructor(readonly stream: string, readonly name: string, readonly data: JsonObject, private readonly labels: Labels = {}) {
    const handle = account.client.command(stream, name, data);
    this.id = handle.id;
    handle.subscribe((state) => {
      this.state = state;
      if (state.state === "done" || state.state === "refused") this.answered = Date.now();
    });
  }

  // None once the reader has chosen another language.
  get labelsNow(): Labels {
    return this.#language === locale.language ? this.labels : {};
  }

  get finished(): boolean {
    return this.state.state === "done" || this.state.state === "refused";
  }
}

// All changes made on this page that are not settled yet, oldest first.
class Outbox {
  sendings = $state.raw<readonly Sending[]>([]);

  send(stream: string, name: string, data: JsonObject, labels?: Labels): Sending {
    const sending = new Sending(stream, name, data, labels);
    this.sendings = [...this.sendings.filter((old) => !settled(old)), sending].slice(-kept_max);
    return sending;
  }

  // Refused where nobody was looking any more.
  get unread(): readonly Sending[] {
    return this.sendings.filter((sending) => sending.state.state === "refused" && !sending.seen);
  }

  // Those whose effect the view of `size` does not hold yet.
  pendingFor(stream: string, size: number): readonly Sending[] {
    return this.sendings.filter((sending) => sending.stream === stream && !contained(sending.state, size));
  }

  clear(): void {
    this.sendings = [];
  }
}

function contained(state: CommandState, size: number): boolean {
  return state.state === "refused" || (state.state === "done" && (state.count === 0 || size >= state.size));
}

function settled(sending: Sending): boolean {
  const old = sending.answered !== undefined && Date.now() - sending.answered > finished_ms;
  return old && (sending.state.state === "done" || sending.seen);
}

export const outbox = new Outbox();
