import { daysBetween, lastDayOf } from "../format/dates";
import { ahead, overdueDays } from "./needs";
import type { PartnershipRow, VisitRow } from "./types";

export type Why = "overdue" | "notAccepted" | "never" | "noContact" | "fine";

export interface BoardRow {
  readonly partnership: PartnershipRow;
  readonly why: Why;
  readonly overdue: number;
  readonly daysSince: number | undefined;
  readonly next: VisitRow | undefined;
}

const quiet_days_max = 60;
const rank: readonly Why[] = ["overdue", "notAccepted", "never", "noContact", "fine"];

// One row a running partnership, those who need help first.
export function boardOf(partnerships: readonly PartnershipRow[], visits: readonly VisitRow[], today: string): readonly BoardRow[] {
  const byPartnership = new Map<string, VisitRow[]>();
  for (const visit of visits) {
    const own = byPartnership.get(visit.partnership);
    if (own) own.push(visit);
    else byPartnership.set(visit.partnership, [visit]);
  }
  return partnerships
    .filter(({ status }) => status === "proposed" || status === "active")
    .map((partnership) => {
      const own = byPartnership.get(partnership.id) ?? [];
      const overdue = own.filter((visit) => overdueDays(visit, today) > 0).length;
      const contact = partnership.last_contact;
      const daysSince = contact === undefined ? undefined : Math.max(0, daysBetween(lastDayOf(contact), today));
      return { partnership, overdue, daysSince, next: ahead(own, today)[0], why: whyOf(partnership, overdue, daysSince) };
    })
    .sort((a, b) => rank.indexOf(a.why) - rank.indexOf(b.why) || b.overdue - a.overdue
      || (b.daysSince ?? 0) - (a.daysSince ?? 0) || (a.partnership.order < b.partnership.order ? -1 : 1));
}

function whyOf(partnership: PartnershipRow, overdue: number, daysSince: number | undefined): Why {
  if (overdue > 0) return "overdue";
  if (partnership.status === "proposed") return "notAccepted";
  if (daysSince === undefined) return "never";
  return daysSince > quiet_days_max ? "noContact" : "fine";
}
