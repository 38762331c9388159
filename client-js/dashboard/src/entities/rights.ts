import type { Me } from "../../../src/index";
import { firstDayOf } from "../format/dates";
import type { By, Partnership, Person, Proposal, Role, Side, Visit } from "./types";

// Who may do what, as the server will judge it: only what would be accepted is offered.

type Sides = { ua: string; eu: string };

const both = ["ua", "eu"] as const;

export function isMunicipal(me: Me): boolean {
  return me.role === "officer" || me.role === "mayor";
}

// Which side of this entity the person acts for.
export function actsAs(me: Me, entity: Sides): By | undefined {
  if (me.role === "secretariat" || me.role === "service") return "programme";
  if (!isMunicipal(me)) return undefined;
  return me.organisation === entity.ua ? "ua" : me.organisation === entity.eu ? "eu" : undefined;
}

// A further partner of a proposal edits for the side of its country.
export function mayEdit(me: Me, proposal: Proposal): boolean {
  return !proposal.locked && proposal.status === "draft" && (isPartner(me, proposal) || actsAs(me, proposal) !== undefined);
}

// The topic of lists and feed that the person may follow.
export function scopeOf(me: Me): string {
  return isMunicipal(me) ? me.organisation : "all";
}

export function readsHistory(me: Me): boolean {
  return me.role === "auditor" || me.role === "secretariat";
}

export function mayPropose(me: Me): boolean {
  return isMunicipal(me) || me.role === "secretariat";
}

// Whether the person acts for the programme.
export function acts(me: Me): boolean {
  return me.role === "secretariat";
}

// People, texts and passages, for ever.
export function mayErase(me: Me): boolean {
  return me.role === "secretariat" || me.role === "service";
}

// A town gives its people this role by itself, the secretariat any.
const by_towns: readonly Role[] = ["officer"];

export function rolesToGive(me: Me): readonly Role[] {
  if (isMunicipal(me)) return by_towns;
  return acts(me) ? ["officer", "mayor", "expert", "auditor", "association", "secretariat", "funder"] : [];
}

export function looksAfterPeople(me: Me): boolean {
  return rolesToGive(me).length > 0;
}

export function looksAfter(me: Me, person: Person): boolean {
  return rolesToGive(me).includes(person.role) && (acts(me) || me.organisation === person.organisation);
}

export interface PartnershipRights {
  accept: readonly Side[];
  decline: readonly Side[];
  withdraw: boolean;
  end: boolean;
  plan: boolean;
  draft: boolean;
  correct: boolean;
}

export function partnershipRights(me: Me, partnership: Partnership): PartnershipRights {
  const by = actsAs(me, partnership);
  const proposed = partnership.status === "proposed";
  const open = proposed ? mine(by, both.filter((side) => !partnership.accepted[side])) : [];
  const active = by !== undefined && partnership.status === "active";
  return {
    accept: open, decline: open, withdraw: proposed && by !== undefined && by === partnership.by,
    end: active, plan: active, draft: active, correct: by !== undefined,
  };
}

export interface VisitRights {
  confirm: readonly Side[];
  postpone: boolean;
  cancel: boolean;
  hold: boolean;
  report: boolean;
  correct: boolean;
}

export function visitRights(me: Me, visit: Visit, today: string): VisitRights {
  const by = actsAs(me, visit);
  const open = visit.status === "planned" || visit.status === "postponed";
  const begun = visit.from !== undefined && firstDayOf(visit.from) <= today;
  return {
    confirm: open && visit.from !== undefined ? mine(by, both.filter((side) => !visit.confirmed[side])) : [],
    postpone: by !== undefined && (visit.status === "planned" || visit.status === "confirmed"),
    cancel: by !== undefined && (open || visit.status === "confirmed"),
    hold: by !== undefined && begun && (visit.status === "planned" || visit.status === "confirmed"),
    report: by !== undefined && visit.status === "held",
    correct: by !== undefined,
  };
}

export interface ProposalRights {
  join: boolean; // choose who else carries it
  edit: boolean;
  ask: boolean;
  sign: boolean; // and return: the mayor's two answers
  giveBack: boolean;
  withdraw: boolean;
  submit: boolean;
  record: boolean;
  correct: boolean;
}

export function proposalRights(me: Me, proposal: Proposal): ProposalRights {
  const by = actsAs(me, proposal);
  const asked = proposal.status === "in_approval";
  const mayor = me.role === "mayor" && (by === "ua" || by === "eu");
  return {
    edit: mayEdit(me, proposal),
    join: mayEdit(me, proposal) && me.role !== "secretariat" && me.role !== "service",
    ask: by !== undefined && proposal.status === "draft",
    sign: asked && mayor && !proposal.approval?.approved[by],
    giveBack: mayor && (asked || proposal.status === "approved"),
    withdraw: by !== undefined && (asked || proposal.status === "approved"),
    submit: by !== undefined && proposal.status === "approved",
    record: by !== undefined && proposal.status === "submitted",
    correct: by !== undefined,
  };
}

export interface TextRights {
  edit: boolean;
  suggest: boolean;
  comment: boolean; // also reply, and settle comments
  advise: boolean;
  answerAdvice: boolean;
  name: boolean; // a version
  restore: boolean;
  erase: boolean; // it, or a passage, for ever
}

// Comments stay possible while the text is locked: that is when mayors and experts read it.
export function textRights(me: Me, proposal: Proposal): TextRights {
  const partner = isPartner(me, proposal);
  const expert = me.role === "expert";
  const programme = actsAs(me, proposal) === "programme";
  const edit = mayEdit(me, proposal);
  return {
    edit, suggest: proposal.submission === undefined && (partner || expert), comment: partner || programme || expert, advise: expert,
    answerAdvice: partner, name: partner || programme, restore: edit, erase: mayErase(me),
  };
}

export interface SuggestionRights {
  accept: boolean;
  decline: boolean;
  withdraw: boolean;
}

// A suggestion is for the others to judge: not for the suggester or whoever goes on with the suggester's work, nor
// for the town for which it was made.
export function suggestionRights(me: Me, proposal: Proposal, by: { actor: string; organisation: string | undefined }, people: Readonly<Record<string, Person>>): SuggestionRights {
  const own = goesOnFor(me.actor, by.actor, people);
  const programme = actsAs(me, proposal) === "programme";
  const judges = !own && (programme || (isPartner(me, proposal) && me.organisation !== by.organisation));
  return { accept: judges && !proposal.locked, decline: judges, withdraw: own };
}

// Whether somebody is this person, or the work of this person was handed over to them, by however many hands.
export function goesOnFor(actor: string, person: string, people: Readonly<Record<string, Person>>): boolean {
  const seen = new Set<string>();
  for (let one: string | undefined = person; one !== undefined && !seen.has(one); one = people[one]?.successor) {
    if (one === actor) return true;
    seen.add(one);
  }
  return false;
}

function isPartner(me: Me, proposal: Proposal): boolean {
  return isMunicipal(me) && (Object.hasOwn(proposal.partners, me.organisation) || actsAs(me, proposal) !== undefined);
}

// The programme may speak for either side, a side only for itself.
function mine(by: By | undefined, sides: readonly Side[]): readonly Side[] {
  return by === "programme" ? sides : sides.filter((side) => side === by);
}
