import type { JsonObject } from "../../../src/index";

// What a refused command means. Codes without an entry show the server's own sentence.
export const problems = {
  malformed: "The server could not read this change.",
  not_found: "This no longer exists.",
  already_exists: "This exists already.",
  invalid_field: "One of the fields is not right.",
  too_long: "The text is too long.",
  too_many: "There are too many of these.",
  not_allowed: "Your role may not do this.",
  may_not: "Your role may not do this.",
  may_not_read: "This is not shared with you.",
  not_a_partner: "Your municipality is not part of this.",
  same_side: "Choose a municipality of the other side.",
  wrong_status: "This is not possible at this stage: something changed meanwhile.",
  already_done: "This has been done already.",
  locked: "It is locked while it waits for approval, or because it was submitted.",
  incomplete: "Something is still missing.",
  version_mismatch: "There is a newer version. Read it before you decide.",
  partnership_not_active: "The partnership is not active, so nothing can be started in it.",
  too_early: "It is too early: the first day has not come yet.",
  unknown_event: "The record to correct was not found.",
  not_correctable: "This record cannot be corrected.",
  later_facts_depend_on_it: "Later records build on this one. Its fields can be corrected, but it cannot be taken back.",
  revision_mismatch: "Someone else changed this meanwhile.",
  invalid_delta: "This change holds something that a text may not hold.",
  edit_out_of_range: "This change does not fit the text any more.",
  edit_too_big: "This change is too big to be sent at once.",
  text_too_long: "The text would grow over 200,000 characters.",
  base_from_future: "This change was made to a text that the server does not have. It may have been restored from a copy.",
  unknown_client: "The server does not know this device as a writer of this text any more.",
  sequence_gap: "An earlier change of this device has not arrived yet.",
  sequence_reused: "The server has already seen another change under this number.",
  orphaned: "What it would change has been deleted. It can only be declined.",
  not_signed_in: "You are not signed in.",
  signed_in_as_another: "Another person signed in on this device before this was sent. It was not sent.",
  queue_full: "Too many changes wait on this device. Connect before you make more.",
  too_big: "This change is too big.",
  unreachable: "The server cannot be reached right now.",
  unavailable: "The server is busy. Try again in a moment.",
  unexpected: "The server gave an answer that makes no sense.",
} satisfies Record<string, string>;

// The feed, told without the actor's name, which stands beside it.
// `p` has what the sentence may need, already in the reader's words.
export interface Told {
  readonly title: string;
  readonly side: string;
  readonly dates: string;
  readonly what: string;
  readonly version: string;
  readonly section: string; // of a proposal's form
  readonly data: JsonObject;
}

export const happened = {
  "municipality.updated": () => "The register’s facts of a municipality were updated",
  "municipality.corrected": () => "A municipality’s facts were corrected",
  "municipality.registered": () => "A municipality entered the register",
  "person.registered": () => "A person joined",
  "person.corrected": () => "A person’s facts were corrected",
  "partnership.proposed": () => "Partnership proposed",
  "partnership.accepted": (p: Told) => `Partnership accepted by ${p.side}`,
  "partnership.declined": (p: Told) => `Partnership declined by ${p.side}`,
  "partnership.withdrawn": () => "Proposed partnership withdrawn",
  "partnership.ended": () => "Partnership ended",
  "partnership.corrected": () => "A record of the partnership was corrected",
  "visit.planned": (p: Told) => `Visit planned: “${p.title}”${p.dates && `, ${p.dates}`}`,
  "visit.confirmed": (p: Told) => `“${p.title}” confirmed by ${p.side}`,
  "visit.postponed": (p: Told) => `“${p.title}” postponed${p.dates ? ` to ${p.dates}` : " until further notice"}`,
  "visit.cancelled": (p: Told) => `“${p.title}” cancelled`,
  "visit.held": (p: Told) => `“${p.title}” was held${p.dates && `, ${p.dates}`}`,
  "visit.reported": (p: Told) => `Report of “${p.title}” written`,
  "visit.corrected": (p: Told) => `A record of “${p.title}” was corrected`,
  "proposal.drafted": (p: Told) => `Proposal “${p.title}” begun`,
  "proposal.edited": (p: Told) => `“${p.title}” edited${p.what && `: ${p.what}`}`,
  "proposal.partner_added": (p: Told) => `A partner joined “${p.title}”`,
  "proposal.partner_removed": (p: Told) => `A partner left “${p.title}”`,
  "proposal.budget_line_set": (p: Told) => `Budget of “${p.title}”: ${p.what}`,
  "proposal.budget_line_removed": (p: Told) => `A budget line of “${p.title}” removed`,
  "proposal.funding_source_set": (p: Told) => `Funding of “${p.title}”: ${p.what}`,
  "proposal.funding_source_removed": (p: Told) => `A source of money of “${p.title}” removed`,
  "proposal.indicator_set": (p: Told) => `Indicator of “${p.title}”: ${p.what}`,
  "proposal.indicator_removed": (p: Told) => `An indicator of “${p.title}” removed`,
  "proposal.approval_asked": (p: Told) => `“${p.title}”: approval of version ${p.version} asked for`,
  "proposal.approved": (p: Told) => `“${p.title}”: version ${p.version} signed by ${p.side}`,
  "proposal.returned": (p: Told) => `“${p.title}” returned by ${p.side}`,
  "proposal.approval_withdrawn": (p: Told) => `“${p.title}”: request for approval withdrawn`,
  "proposal.submitted": (p: Told) => `“${p.title}” submitted${p.what && ` to ${p.what}`}`,
  "proposal.answered": (p: Told) => `The funder answered on “${p.title}”: ${p.what}`,
  "proposal.corrected": (p: Told) => `A record of “${p.title}” was corrected`,
  "text.edited": (p: Told) => `“${p.title}”, ${p.section}: text edited`,
  "text.commented": (p: Told) => `“${p.title}”, ${p.section}: ${p.data["kind"] === "advice" ? "advice given" : "comment"}${p.what && `, “${p.what}”`}`,
  "text.replied": (p: Told) => `“${p.title}”, ${p.section}: reply${p.what && `, “${p.what}”`}`,
  "text.thread_resolved": (p: Told) => `“${p.title}”, ${p.section}: a comment resolved`,
  "text.thread_reopened": (p: Told) => `“${p.title}”, ${p.section}: a comment reopened`,
  "text.advice_answered": (p: Told) => `“${p.title}”, ${p.section}: advice ${p.data["answer"] === "accepted" ? "accepted" : "declined"}`,
  "text.suggested": (p: Told) => `“${p.title}”, ${p.section}: a change suggested${p.what && `, “${p.what}”`}`,
  "text.suggestion_accepted": (p: Told) => `“${p.title}”, ${p.section}: a suggested change accepted`,
  "text.suggestion_declined": (p: Told) => `“${p.title}”, ${p.section}: a suggested change declined`,
  "text.version_named": (p: Told) => `“${p.title}”, ${p.section}: version named “${p.what}”`,
  "text.restored": (p: Told) => `“${p.title}”, ${p.section}: an earlier version restored`,
};
