import { forgottenSince, type AuthoredRun, type Burst, type Erasure, type PastText, type Problem } from "../../../src/index";
import { difference, isChanged } from "../texts/difference";
import { nothing, type Content } from "../texts/ops";
import { burstAt, type Since } from "../texts/past";
import { http } from "./account.svelte";
import { contentOf } from "./text.svelte";

const bursts_max = 500;
const kept_max = 40;

// The past of one text: a revision that is looked at, and what changed in it since an earlier one.
export class TextPast {
  readonly topic: string;
  revision = $state(0); // where the slider stands; what is shown follows when it has come
  since = $state.raw<Since>({ kind: "burst" });
  shown = $state.raw<PastText>();
  bursts = $state.raw<readonly Burst[]>([]);
  authors = $state.raw<readonly AuthoredRun[]>([]);
  erasures = $state.raw<readonly Erasure[]>([]);
  trouble = $state.raw<Problem>();
  #before = $state.raw<Content>();
  #known = $state(0);
  #asked = 0;
  readonly #kept = new Map<number, PastText>();

  readonly content = $derived(this.shown ? contentOf(this.shown.content) : undefined);
  readonly display = $derived(this.content && this.#before ? difference(this.#before, this.content) : this.content);
  readonly changed = $derived(this.display !== undefined && isChanged(this.display));
  readonly forgotten = $derived(this.shown && forgottenSince(this.erasures, this.shown.revision));
  readonly burst = $derived(burstAt(this.bursts, this.shown?.revision ?? 0));

  constructor(topic: string, revision?: number) {
    this.topic = topic;
    void this.#begin(revision);
  }

  get revisions(): number {
    return Math.max(this.#known, this.shown?.revisions ?? 0);
  }

  async go(revision: number): Promise<void> {
    this.revision = Math.max(0, Math.min(revision, this.revisions));
    await this.#show();
  }

  async compare(since: Since): Promise<void> {
    this.since = since;
    await this.#show();
  }

  // To the end of what another person wrote, earlier or later.
  jump(by: -1 | 1): void {
    const index = this.burst ? this.bursts.indexOf(this.burst) : -1;
    const next = by < 0 ? this.bursts[index + 1] : this.bursts[index - 1];
    if (next) void this.go(next.to);
    else void this.go(by < 0 ? 0 : this.revisions);
  }

  // Begins with the hands; they tell how many revisions there are, too.
  async #begin(revision: number | undefined): Promise<void> {
    const [answer, erasures] = await Promise.all([http.textBursts(this.topic, { limit: bursts_max }), http.erasures(this.topic)]);
    this.trouble = !answer.ok ? answer.problem : !erasures.ok ? erasures.problem : undefined;
    if (!answer.ok || !erasures.ok) return;
    this.erasures = erasures.value;
    this.bursts = answer.value.bursts;
    this.#known = answer.value.revision;
    this.revision = Math.min(revision ?? this.#known, this.#known);
    await this.#show();
  }

  async #show(): Promise<void> {
    const asked = ++this.#asked;
    const { revision, since } = this;
    const burst = burstAt(this.bursts, revision);
    const from = since.kind === "step" ? revision - 1 : since.kind === "burst" ? (burst?.from ?? revision) - 1 : since.revision;
    const [shown, before] = await Promise.all([this.#fetch(revision), from > 0 && from !== revision ? this.#fetch(from) : undefined]);
    if (asked !== this.#asked || !shown) return;
    this.#before = from === revision || forgottenSince(this.erasures, from) ? undefined : before ? contentOf(before.content) : from > 0 ? undefined : nothing;
    this.shown = shown;
    const authors = await http.textAuthors(this.topic, { revision });
    if (asked === this.#asked) this.authors = authors.ok ? authors.value.runs : [];
  }

  async #fetch(revision: number): Promise<PastText | undefined> {
    const kept = this.#kept.get(revision);
    if (kept) return kept;
    const answer = await http.textAt(this.topic, { revision });
    this.trouble = answer.ok ? undefined : answer.problem;
    if (!answer.ok) return undefined;
    this.#known = Math.max(this.#known, answer.value.revisions);
    this.#kept.set(revision, answer.value);
    for (const old of [...this.#kept.keys()].slice(0, Math.max(0, this.#kept.size - kept_max))) this.#kept.delete(old);
    return answer.value;
  }
}
