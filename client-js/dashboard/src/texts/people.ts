import type { Proposal, Side } from "../entities/types";

// The bank on which somebody stands, by their municipality; the programme and experts stand on neither.
export function bankOf(organisation: string | undefined, proposal: Pick<Proposal, "partners" | "ua" | "eu">): Side | "other" {
  if (organisation === undefined) return "other";
  if (organisation === proposal.ua) return "ua";
  if (organisation === proposal.eu) return "eu";
  return proposal.partners[organisation]?.side ?? "other";
}
