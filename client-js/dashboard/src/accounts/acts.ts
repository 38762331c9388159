import type { Person } from "../entities/types";
import { rolesToGive } from "../entities/rights";
import { reasonField, type Act } from "../forms/acts";
import type { Field, Option } from "../forms/fields";
import { today } from "../format/dates";
import type { Me } from "../../../src/index";
import type { Words } from "../words/en";

// The acts about people that ask for something. `colleagues`: who else of the same organisation takes part.

export type PersonAct = "role" | "deputy" | "handOver" | "leave";

export function personActs(actor: string, person: Person, me: Me, colleagues: readonly Option[], t: Words): Readonly<Record<PersonAct, Act>> {
  const stream = `person/${actor}`;
  const colleague = (name: string, label: string): Field => ({ kind: "choice", name, label, options: colleagues });
  return {
    role: {
      stream, command: "change_role", title: t.accounts.roleTitle(person.name), confirm: t.accounts.changeRole,
      fields: [
        { kind: "choice", name: "role", label: t.fields["role"] ?? "", options: rolesToGive(me).map((role) => ({ value: role, label: t.roles[role] })) },
        reasonField(t),
      ],
      typed: { role: person.role },
    },
    deputy: {
      stream, command: "appoint_deputy", title: t.accounts.deputyTitle(person.name), help: t.accounts.deputyHelp, confirm: t.accounts.appoint,
      fields: [
        colleague("deputy", t.accounts.deputy),
        { kind: "date", name: "from", label: t.visits.from, partial: false },
        { kind: "date", name: "until", label: t.visits.to, partial: false },
      ],
      typed: { from: today(), until: today() },
      check: (data) => String(data["until"]) < String(data["from"]) ? { until: t.forms.badOrder } : {},
    },
    handOver: {
      stream, command: "hand_over", title: t.accounts.handOverTitle(person.name), help: t.accounts.handOverHelp, confirm: t.accounts.handOver,
      fields: [colleague("to", t.accounts.to), reasonField(t)],
    },
    leave: {
      stream, command: "leave", title: t.accounts.leaveTitle(person.name), help: t.accounts.leaveHelp, confirm: t.accounts.leaveConfirm, grave: true,
      fields: [reasonField(t)],
    },
  };
}
