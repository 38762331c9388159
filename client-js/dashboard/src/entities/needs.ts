import type { Me } from "../../../src/index";
import { daysBetween, lastDayOf } from "../format/dates";
import { actsAs } from "./rights";
import type { PartnershipRow, ProposalRow, Side, VisitRow } from "./types";

// What waits for one person, most pressing first.
export type Need =
  | { readonly kind: "sign"; readonly proposal: ProposalRow; readonly side: Side }
  | { readonly kind: "accept"; readonly partnership: PartnershipRow; readonly side: Side }
  | { readonly kind: "hold"; readonly visit: VisitRow; readonly days: number }
  | { readonly kind: "confirm"; readonly visit: VisitRow; readonly side: Side }
  | { readonly kind: "submit"; readonly proposal: ProposalRow }
  | { readonly kind: "report"; readonly visit: VisitRow };

export interface Rows {
  readonly partnerships: readonly PartnershipRow[];
  readonly visits: readonly VisitRow[];
  readonly proposals: readonly ProposalRow[];
}

export function needsOf(me: Me, rows: Rows, today: string): readonly Need[] {
  const needs: Need[] = [];
  for (const proposal of rows.proposals) {
    const side = actsAs(me, proposal);
    if (side === undefined) continue;
    if (side !== "programme" && me.role === "mayor" && proposal.status === "in_approval" && !proposal.approved.includes(side)) {
      needs.push({ kind: "sign", proposal, side });
    }
    if (side !== "programme" && me.role === "officer" && proposal.status === "approved") needs.push({ kind: "submit", proposal });
  }
  for (const partnership of rows.partnerships) {
    const side = actsAs(me, partnership);
    if (side === undefined || side === "programme" || partnership.status !== "proposed") continue;
    if (!partnership.accepted.includes(side)) needs.push({ kind: "accept", partnership, side });
  }
  const soonest = [...rows.visits].sort((a, b) => (a.from ?? "").localeCompare(b.from ?? ""));
  for (const visit of soonest) {
    const side = actsAs(me, visit);
    if (side === undefined) continue;
    const days = overdueDays(visit, today);
    if (days > 0) needs.push({ kind: "hold", visit, days });
    else if (side === "programme") continue;
    else if (waitsFor(visit, side)) needs.push({ kind: "confirm", visit, side });
    else if (visit.status === "held" && me.role === "officer") needs.push({ kind: "report", visit });
  }
  return needs.sort((a, b) => rank.indexOf(a.kind) - rank.indexOf(b.kind));
}

const rank: readonly Need["kind"][] = ["sign", "accept", "hold", "confirm", "submit", "report"];

// Days since the visit's last day, when nobody has recorded that it was held.
export function overdueDays(visit: VisitRow, today: string): number {
  if (!visit.from || (visit.status !== "planned" && visit.status !== "confirmed")) return 0;
  return Math.max(0, daysBetween(lastDayOf(visit.to ?? visit.from), today));
}

function waitsFor(visit: VisitRow, side: Side): boolean {
  return (visit.status === "planned" || visit.status === "postponed") && visit.from !== undefined && !visit.confirmed.includes(side);
}

// Visits still ahead, soonest first.
export function ahead(visits: readonly VisitRow[], today: string): readonly VisitRow[] {
  return visits
    .filter((visit) => visit.from !== undefined && ["planned", "confirmed", "postponed"].includes(visit.status)
      && lastDayOf(visit.to ?? visit.from) >= today)
    .sort((a, b) => (a.from ?? "").localeCompare(b.from ?? ""));
}
