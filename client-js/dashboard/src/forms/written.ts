import type { JsonObject } from "../../../src/index";
import { fieldsOf, labelOf, type Reader, type Shown } from "../history/fields";

// What somebody wrote in a form, to be read again where it was not accepted: in the words of the form, or of what it
// would have recorded. Ids that mean nothing to a reader, and numbers of the protocol, are left out. Pure.

export interface Written {
  readonly name: string;
  readonly label: string;
  readonly text: string;
}

export interface Sent {
  readonly name: string; // of the command
  readonly data: JsonObject;
}

export interface Names {
  townName(id: string): string;
  personName(id: string): string;
}

export type Labels = Readonly<Record<string, string>>;

// By whose words a command is told: the event that it records.
export const recorded_by: Readonly<Record<string, string>> = {
  register_municipality: "municipality.registered", correct_municipality: "municipality.corrected",
  register_person: "person.registered", correct_person: "person.corrected", erase_person: "person.erased", change_role: "person.role_changed",
  appoint_deputy: "person.deputy_appointed", end_deputy: "person.deputy_ended", leave: "person.left", hand_over: "person.handed_over",
  invite_person: "person.registered", invite_again: "person.invited", withdraw_invitation: "person.invitation_withdrawn", join: "person.joined",
  set_password: "person.password_set", set_second_factor: "person.second_factor_set", remove_second_factor: "person.second_factor_removed",
  sign_out_everywhere: "person.signed_out_everywhere", make_token: "person.token_made", revoke_token: "person.token_revoked",
  link_provider: "person.provider_linked", unlink_provider: "person.provider_unlinked",
  propose_partnership: "partnership.proposed", accept_partnership: "partnership.accepted", decline_partnership: "partnership.declined",
  withdraw_partnership: "partnership.withdrawn", end_partnership: "partnership.ended", correct_partnership: "partnership.corrected",
  plan_visit: "visit.planned", confirm_visit: "visit.confirmed", postpone_visit: "visit.postponed", cancel_visit: "visit.cancelled",
  hold_visit: "visit.held", report_visit: "visit.reported", correct_visit: "visit.corrected",
  draft_proposal: "proposal.drafted", edit_proposal: "proposal.edited", add_partner: "proposal.partner_added", remove_partner: "proposal.partner_removed",
  set_budget_line: "proposal.budget_line_set", remove_budget_line: "proposal.budget_line_removed", set_funding_source: "proposal.funding_source_set",
  remove_funding_source: "proposal.funding_source_removed", set_indicator: "proposal.indicator_set", remove_indicator: "proposal.indicator_removed",
  ask_approval: "proposal.approval_asked", approve_proposal: "proposal.approved", return_proposal: "proposal.returned", withdraw_approval: "proposal.approval_withdrawn",
  submit_proposal: "proposal.submitted", record_answer: "proposal.answered", correct_proposal: "proposal.corrected",
  edit_text: "text.edited", comment_text: "text.commented", reply_in_text: "text.replied", resolve_thread: "text.thread_resolved", reopen_thread: "text.thread_reopened",
  answer_advice: "text.advice_answered", suggest_in_text: "text.suggested", accept_suggestion: "text.suggestion_accepted", decline_suggestion: "text.suggestion_declined",
  name_text_version: "text.version_named", restore_text: "text.restored", erase_text: "text.erased", redact_text: "text.redacted",
  record_site: "site.recorded", describe_site: "site.described", share_site: "site.shared", withdraw_site: "site.withdrawn", remove_site: "site.removed", erase_site: "site.erased",
};

const of_the_protocol = new Set(["base", "client", "sequence", "typed_at"]);

export function writtenIn({ name, data }: Sent, reader: Reader, names: Names, labels: Labels = {}): readonly Written[] {
  const type = recorded_by[name] ?? "";
  const told = Object.fromEntries(Object.entries(data).filter(([field]) => !of_the_protocol.has(field)));
  return fieldsOf({ type, data: told }, reader).flatMap(({ name: field, value }) => {
    const [label, text] = [labels[field] ?? labelOf(type, field, reader.t), told[field] === null ? reader.t.fields["cleared"] : textOf(value, names)];
    return label !== undefined && text !== undefined && text !== "" ? [{ name: field, label, text }] : [];
  });
}

// What a field that a refusal names is called: in the form that was sent, or in what it would have recorded.
export function fieldLabel({ name }: Pick<Sent, "name">, field: string, { t }: Pick<Reader, "t">, labels: Labels = {}): string | undefined {
  return labels[field] ?? labelOf(recorded_by[name] ?? "", field, t);
}

function textOf(shown: Shown, names: Names): string | undefined {
  switch (shown.kind) {
    case "text": return shown.text;
    case "town": return names.townName(shown.id);
    case "person": return names.personName(shown.id);
    case "change": return shown.change.map((op) => "insert" in op ? op.insert : "").join("").trim();
    case "list": return shown.items.flatMap((item) => textOf(item, names) ?? []).join("; ");
    default: return undefined;
  }
}
