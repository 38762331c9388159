import type { JsonObject } from "../../../src/index";
import type { PartialDate } from "../format/dates";
import type { Section, TextState } from "../texts/sections";
import type { Words } from "../words/en";

// The shapes of the server's views and rows.

export type Side = "ua" | "eu";
export type By = Side | "programme";
export type Sector = keyof Words["sectors"];
export type Role = keyof Words["roles"];
export type PartnershipStatus = "proposed" | "active" | "ended" | "declined" | "withdrawn";
export type VisitStatus = "planned" | "confirmed" | "postponed" | "cancelled" | "held" | "reported";
export type ProposalStatus = "draft" | "in_approval" | "approved" | "submitted" | "granted" | "rejected";
export type VisitKind = keyof Words["kinds"];
export type Category = keyof Words["categories"];
export type SourceKind = keyof Words["sourceKinds"];
export type SourceStatus = keyof Words["sourceStatus"];
export type Answer = keyof Words["answers"];

export interface Stamp { at: string; actor: string }
export interface Reasoned extends Stamp { reason: string }
export type BySide<T> = { ua?: T; eu?: T };

export interface Fact {
  order: number;
  type: string;
  at: string;
  actor: string;
  data: JsonObject;
  retracted?: true;
  corrected?: Reasoned;
}

export interface Entity {
  id: string;
  revision: number;
  created: Stamp & { position: number };
  changed: Stamp & { position: number };
  facts: Record<string, Fact>;
  ua: string;
  eu: string;
}

export interface Partnership extends Entity {
  by: By;
  status: PartnershipStatus;
  sectors: Sector[];
  note?: string;
  strand?: string;
  phase?: string;
  source?: string;
  confidence?: "stated" | "inferred";
  accepted: BySide<Stamp & { on?: PartialDate }>;
  declined?: Reasoned & { side: Side };
  withdrawn?: Reasoned;
  ended?: Reasoned & { on: PartialDate };
}

export interface Visit extends Entity {
  partnership: string;
  title: string;
  host: Side;
  kind: VisitKind;
  from?: PartialDate;
  to?: PartialDate;
  place?: string;
  purpose?: string;
  by: By;
  source?: string;
  status: VisitStatus;
  confirmed: BySide<Stamp>;
  postponed?: Reasoned;
  cancelled?: Reasoned;
  held?: Stamp & { from: PartialDate; to?: PartialDate; participants_ua?: number; participants_eu?: number };
  report?: Stamp & { summary: string; lessons: string[] };
}

export interface BudgetLine extends Stamp {
  order: number; category: Category; partner: string; description: string; amount: number; currency: string; invented: boolean;
}
export interface FundingSource extends Stamp {
  order: number; name: string; kind: SourceKind; partner?: string; amount: number; currency: string; status: SourceStatus; invented: boolean;
}
export interface Indicator extends Stamp {
  order: number; name: string; unit: string; baseline?: number; target?: number; baseline_on?: PartialDate; source?: string; invented: boolean;
}
export interface Totals { budget: number; funding: number; confirmed: number; gap: number }

export interface Proposal extends Entity {
  partnership: string;
  lead: Side;
  title: string;
  summary?: string;
  sectors: Sector[];
  source?: string;
  status: ProposalStatus;
  locked: boolean;
  partners: Record<string, { order: number; side: Side }>;
  budget: Record<string, BudgetLine>;
  sources: Record<string, FundingSource>;
  indicators: Record<string, Indicator>;
  totals: Record<string, Totals>;
  texts?: Partial<Record<Section, TextState>>; // a section that is not named is empty
  missing: string[];
  too_long?: string[];
  approval?: { version: number; asked_by: string; asked_side: By; at: string; content_hash: string; approved: BySide<Stamp> };
  returned?: Reasoned & { version: number; side: Side };
  submission?: Stamp & { version: number; funder: string; on: PartialDate; reference?: string };
  answer?: Stamp & { answer: Answer; on: PartialDate; amount?: number; currency?: string; note?: string };
}

export interface RowOf { id: string; order: string; size: number; ua: string; eu: string; at: string }

export interface PartnershipRow extends RowOf {
  by: By; status: PartnershipStatus; sectors: Sector[]; accepted: Side[]; visits: number; proposals: number; last_contact?: PartialDate;
}
export interface VisitRow extends RowOf {
  partnership: string; title: string; host: Side; kind: VisitKind; from?: PartialDate; to?: PartialDate; place?: string;
  status: VisitStatus; confirmed: Side[]; by: By;
}
export interface ProposalRow extends RowOf {
  partnership: string; title: string; lead: Side; status: ProposalStatus; sectors: Sector[]; version?: number; asked_side?: By;
  approved: Side[]; totals: Record<string, Totals>; invented: boolean; actor: string; revision: number;
}
export interface FeedRow {
  id: string; order: string; size: number; position: number; type: string; stream: string; actor: string; at: string; event: string;
  partnership?: string; ua?: string; eu?: string; title?: string; data: JsonObject;
}

export interface Town {
  name: string; name_local?: string; country: string; kind?: string; region?: string; population?: number; population_year?: number;
}
export interface TownRow extends Town { id: string; order: string }
export interface Deputy { deputy: string; from: string; until: string }
export interface Person {
  name: string; organisation: string; role: Role; invented: boolean;
  deputies?: readonly Deputy[];
  left?: true;
  erased?: true;
  successor?: string;
}
