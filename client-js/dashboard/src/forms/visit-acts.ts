import type { Visit } from "../entities/types";
import type { Words } from "../words/en";
import { optionsOf, reasonField, type Act } from "./acts";
import type { Field, Typed } from "./fields";

// The acts of a visit that ask for something.

export function visitActs(stream: string, visit: Visit, t: Words): Readonly<Record<"postpone" | "cancel" | "hold" | "report", Act>> {
  const dates = (optional: boolean): readonly Field[] => [
    { kind: "date", name: "from", label: t.visits.from, partial: true, optional },
    { kind: "date", name: "to", label: t.visits.to, partial: true, optional: true },
  ];
  return {
    postpone: {
      stream, command: "postpone_visit", title: t.visits.postponeTitle, help: t.visits.postponeHelp, confirm: t.visits.postpone,
      fields: [...dates(true), reasonField(t)],
    },
    cancel: {
      stream, command: "cancel_visit", title: t.visits.cancelTitle, help: t.visits.cancelHelp, confirm: t.visits.cancel, grave: true,
      fields: [reasonField(t)],
    },
    hold: {
      stream, command: "hold_visit", title: t.visits.holdTitle, confirm: t.visits.hold,
      fields: [
        ...dates(false),
        { kind: "count", name: "participants_ua", label: t.visits.participantsUa, optional: true },
        { kind: "count", name: "participants_eu", label: t.visits.participantsEu, optional: true },
      ],
      typed: plannedDates(visit),
    },
    report: {
      stream, command: "report_visit", title: t.visits.reportTitle, confirm: t.common.save,
      fields: [
        { kind: "text", name: "summary", label: t.visits.summary, max: 4_000, rows: 8 },
        { kind: "lines", name: "lessons", label: t.visits.lessons, hint: t.forms.onePerLine, max: 20, line_max: 500, optional: true },
      ],
      shape: (data) => ({ lessons: [], ...data }),
    },
  };
}

export function planFields(t: Words): readonly Field[] {
  return [
    { kind: "text", name: "title", label: t.visits.titleField, max: 200 },
    { kind: "choice", name: "kind", label: t.visits.kind, options: optionsOf(t.kinds) },
    { kind: "choice", name: "host", label: t.visits.host, options: [{ value: "ua", label: t.sides.ua }, { value: "eu", label: t.sides.eu }] },
    { kind: "date", name: "from", label: t.visits.from, partial: true },
    { kind: "date", name: "to", label: t.visits.to, partial: true, optional: true },
    { kind: "text", name: "place", label: t.visits.place, max: 200, optional: true },
    { kind: "text", name: "purpose", label: t.visits.purpose, max: 1_000, rows: 4, optional: true },
  ];
}

function plannedDates(visit: Visit): Typed {
  return { ...(visit.from ? { from: visit.from } : {}), ...(visit.to ? { to: visit.to } : {}) };
}
