import type { Me } from "../../../src/index";
import type { FeedRow, Partnership, PartnershipRow, Person, Proposal, ProposalRow, Role, Visit, VisitRow } from "../entities/types";

// Entities for tests, complete and plain; each test says only what it is about.

const stamp = { at: "2026-11-01T10:00:00.000Z", actor: "u-1" };
const entity = {
  id: "x-1", revision: 1, created: { ...stamp, position: 1 }, changed: { ...stamp, position: 1 }, facts: {}, ua: "UA1", eu: "EU1",
};
const row = { order: "0001", size: 2, ua: "UA1", eu: "EU1", at: stamp.at };

export function me(role: Role, organisation: string): Me {
  return { actor: "u-me", name: "Me", organisation, role, language: "en" };
}

export function person(part: Partial<Person>): Person {
  return { name: "Somebody", organisation: "UA1", role: "officer", invented: false, ...part };
}

export function partnership(part: Partial<Partnership>): Partnership {
  return { ...entity, by: "programme", status: "active", sectors: [], accepted: { ua: stamp, eu: stamp }, ...part };
}

export function visit(part: Partial<Visit>): Visit {
  return {
    ...entity, partnership: "p-1", title: "Waterworks week", host: "eu", kind: "study_visit", from: "2026-12-04", by: "ua",
    status: "planned", confirmed: { ua: stamp }, ...part,
  };
}

export function proposal(part: Partial<Proposal>): Proposal {
  return {
    ...entity, partnership: "p-1", lead: "ua", title: "Clean water", sectors: ["water_supply"], status: "draft", locked: false,
    partners: { UA1: { order: 0, side: "ua" }, EU1: { order: 1, side: "eu" } },
    budget: {}, sources: {}, indicators: {}, totals: {}, missing: [], ...part,
  };
}

export function partnershipRow(part: Partial<PartnershipRow>): PartnershipRow {
  return { ...row, id: "p-1", by: "programme", status: "active", sectors: [], accepted: ["ua", "eu"], visits: 0, proposals: 0, ...part };
}

export function visitRow(part: Partial<VisitRow>): VisitRow {
  return {
    ...row, id: "v-1", partnership: "p-1", title: "Waterworks week", host: "eu", kind: "study_visit", from: "2026-12-04",
    status: "planned", confirmed: ["ua"], by: "ua", ...part,
  };
}

export function proposalRow(part: Partial<ProposalRow>): ProposalRow {
  return {
    ...row, id: "q-1", partnership: "p-1", title: "Clean water", lead: "ua", status: "draft", sectors: [], approved: [],
    totals: {}, invented: false, actor: "u-1", revision: 1, ...part,
  };
}

export function feedRow(position: number, part: Partial<FeedRow>): FeedRow {
  return {
    id: `e-${position}`, event: `e-${position}`, order: String(position).padStart(6, "0"), size: position + 1, position,
    type: "proposal.edited", stream: "proposal/q-1", actor: "u-1", at: stamp.at, data: {}, ...part,
  };
}
