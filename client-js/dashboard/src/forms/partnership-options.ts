import { known } from "../app/known.svelte";
import type { PartnershipRow } from "../entities/types";
import type { Words } from "../words/en";
import type { Option } from "./fields";

// The partnerships in which something can be begun. Two between the same towns are told apart by their sectors.
export function partnershipOptions(rows: readonly PartnershipRow[], t: Words): readonly Option[] {
  const active = rows.filter(({ status }) => status === "active");
  const pair = (row: PartnershipRow) => `${known.townName(row.ua)} – ${known.townName(row.eu)}`;
  return active.map((row) => {
    const isAlone = active.every((other) => other === row || pair(other) !== pair(row));
    return { value: row.id, label: isAlone ? pair(row) : `${pair(row)} (${row.sectors.map((sector) => t.sectors[sector]).join(", ")})` };
  });
}
