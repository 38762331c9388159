import { http } from "../app/account.svelte";
import { known } from "../app/known.svelte";
import { locale } from "../app/locale.svelte";
import { scopeOf } from "../entities/rights";
import { entityOf } from "../entities/sentences";
import type { PartnershipRow, ProposalRow, VisitRow } from "../entities/types";
import type { Me, Row } from "../../../src/index";
import { sitesTopic } from "../sites/sites";
import { textStreams } from "./filter";

// What a history is of, and which streams it is made of.

export type Kind = "programme" | "proposal" | "partnership" | "visit" | "municipality";

export interface Scope {
  readonly kind: Kind;
  readonly id: string;
}

export interface Named {
  readonly title: string;
  readonly ua: string;
  readonly eu: string;
}

const kinds: Readonly<Record<string, Kind>> = {
  proposals: "proposal", partnerships: "partnership", visits: "visit", municipalities: "municipality",
};
const page_limit = 500;
const pages_max = 20;

// `proposals/p-1`, as in the address of its page; nothing is the whole programme.
export function scopeFrom(path: string): Scope {
  const [place = "", id = ""] = path.split("/");
  const kind = kinds[place];
  return kind ? { kind, id } : { kind: "programme", id: "" };
}

export function pathOf({ kind, id }: Scope): string {
  const place = Object.keys(kinds).find((name) => kinds[name] === kind);
  return place ? `/${place}/${id}` : "";
}

export function historyOf(stream: string): string {
  const [kind, id] = entityOf(stream).split("/");
  const place = Object.keys(kinds).find((name) => kinds[name] === kind);
  return place && id ? `/${place}/${id}/history` : "/history";
}

// The entities that the reader may see, by the lists of the server: their names, and who belongs to whom.
export class Entities {
  readonly #partnerships: readonly PartnershipRow[];
  readonly #visits: readonly VisitRow[];
  readonly #proposals: readonly ProposalRow[];
  readonly isWhole: boolean; // all lists came: nothing of what the reader may see is missing

  private constructor(isWhole: boolean, partnerships: readonly Row[], visits: readonly Row[], proposals: readonly Row[]) {
    this.isWhole = isWhole;
    this.#partnerships = partnerships as unknown as readonly PartnershipRow[];
    this.#visits = visits as unknown as readonly VisitRow[];
    this.#proposals = proposals as unknown as readonly ProposalRow[];
  }

  static async load(me: Me): Promise<Entities> {
    const lists = await Promise.all(["partnerships", "visits", "proposals"].map((list) => allRows(`${list}/${scopeOf(me)}`)));
    const [partnerships, visits, proposals] = lists.map(({ rows }) => rows);
    return new Entities(lists.every(({ isWhole }) => isWhole), partnerships!, visits!, proposals!);
  }

  named(stream: string): Named {
    const [kind, id] = entityOf(stream).split("/");
    const row = kind === "partnership" ? this.#partnerships.find((one) => one.id === id)
      : kind === "visit" ? this.#visits.find((one) => one.id === id) : this.#proposals.find((one) => one.id === id);
    if (!row) return { title: known.streamName(entityOf(stream)), ua: "", eu: "" };
    return { title: "title" in row ? String(row.title) : `${known.townName(row.ua)} – ${known.townName(row.eu)}`, ua: row.ua, eu: row.eu };
  }

  // The streams of a scope; undefined is all there are.
  streamsOf({ kind, id }: Scope): readonly string[] | undefined {
    switch (kind) {
      case "programme": return undefined;
      case "visit": return [`visit/${id}`];
      case "proposal": return withParts(id);
      case "partnership": return [`partnership/${id}`, ...this.#within((row) => row.partnership === id)];
      case "municipality": {
        const of = ({ ua, eu }: { ua: string; eu: string }) => ua === id || eu === id;
        return [`municipality/${id}`, ...this.#partnerships.filter(of).map((row) => `partnership/${row.id}`), ...this.#within(of)];
      }
    }
  }

  // All that have a name, for choosing.
  choices(): readonly (readonly [stream: string, name: string])[] {
    return [
      ...this.#partnerships.map(({ id }) => `partnership/${id}`), ...this.#visits.map(({ id }) => `visit/${id}`), ...this.#proposals.map(({ id }) => `proposal/${id}`),
    ].map((stream) => [stream, this.named(stream).title] as const);
  }

  #within(of: (row: VisitRow | ProposalRow) => boolean): readonly string[] {
    return [...this.#visits.filter(of).map(({ id }) => `visit/${id}`), ...this.#proposals.filter(of).flatMap(({ id }) => withParts(id))];
  }
}

function withParts(proposal: string): readonly string[] {
  return [`proposal/${proposal}`, ...textStreams(proposal), sitesTopic(proposal)];
}

// The page names its subject once; its lines need only remind of it.
export function shortly(title: string): string {
  return title.length <= 32 ? title : `${title.slice(0, 32).replace(/\s+\S*$/, "")}…`;
}

// What a stream is called where all streams of a history are chosen from.
export function streamName(stream: string, entities: Entities): string {
  const { title } = entities.named(stream);
  const section = stream.startsWith("text/") ? stream.split("/").at(-1) : undefined;
  if (stream.startsWith("sites/")) return `${title}: ${locale.t.sites.title}`;
  return section ? `${title}: ${locale.t.texts.sections[section as keyof typeof locale.t.texts.sections]?.title ?? section}` : title;
}

// `at`: as with the first so many events of the log.
export async function allRows(topic: string, at?: number): Promise<{ readonly rows: readonly Row[]; readonly isWhole: boolean }> {
  const rows: Row[] = [];
  let before: string | undefined;
  for (let page = 0; page < pages_max; page += 1) {
    const answer = await http.list(topic, { limit: page_limit, ...(before === undefined ? {} : { before }), ...(at === undefined ? {} : { at }) });
    if (!answer.ok) break; // names are then the streams' own
    rows.push(...answer.value.rows);
    before = answer.value.next;
    if (before === undefined) return { rows, isWhole: true };
  }
  return { rows, isWhole: false };
}
