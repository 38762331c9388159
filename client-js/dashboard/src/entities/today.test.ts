import { describe, expect, it } from "vitest";
import { feedRow, me, partnershipRow, proposalRow, visitRow } from "../testing/entities";
import { boardOf } from "./board";
import { grouped } from "./grouping";
import { ahead, needsOf, overdueDays } from "./needs";

const day = "2026-11-22";
const kinds = (needs: readonly { kind: string }[]) => needs.map(({ kind }) => kind);

describe("what needs a person", () => {
  const rows = {
    partnerships: [partnershipRow({ status: "proposed", by: "ua", accepted: ["ua"] })],
    visits: [visitRow({ id: "v-1", confirmed: ["ua"] }), visitRow({ id: "v-2", from: "2026-11-10", to: "2026-11-12", status: "confirmed" })],
    proposals: [proposalRow({ status: "in_approval", version: 1, approved: ["ua"] })],
  };

  it("comes with a mayor's signature first", () => {
    expect(kinds(needsOf(me("mayor", "EU1"), rows, day))).toEqual(["sign", "accept", "hold", "confirm"]);
  });

  it("has no signature for an officer, nor for a mayor who has signed", () => {
    expect(kinds(needsOf(me("officer", "EU1"), rows, day))).toEqual(["accept", "hold", "confirm"]);
    expect(kinds(needsOf(me("mayor", "UA1"), rows, day))).toEqual(["hold"]);
  });

  it("is for the secretariat what is overdue, for an auditor nothing", () => {
    expect(kinds(needsOf(me("secretariat", "cemr"), rows, day))).toEqual(["hold"]);
    expect(needsOf(me("auditor", "cemr"), rows, day)).toEqual([]);
  });

  it("is to submit what both have signed, and to report what was held", () => {
    const later = { partnerships: [], visits: [visitRow({ status: "held", from: "2026-10-01" })], proposals: [proposalRow({ status: "approved" })] };
    expect(kinds(needsOf(me("officer", "UA1"), later, day))).toEqual(["submit", "report"]);
  });
});

describe("a visit", () => {
  it("is overdue from the day after its last possible day", () => {
    expect(overdueDays(visitRow({ from: "2026-11-20", to: "2026-11-22" }), day)).toBe(0);
    expect(overdueDays(visitRow({ from: "2026-11-20", to: "2026-11-21" }), day)).toBe(1);
    expect(overdueDays(visitRow({ from: "2026-11" }), day)).toBe(0);
    expect(overdueDays(visitRow({ from: "2026-10" }), day)).toBe(22);
    expect(overdueDays(visitRow({ from: "2026-10-01", status: "held" }), day)).toBe(0);
  });

  it("ahead comes soonest first", () => {
    const rows = [visitRow({ id: "b", from: "2027" }), visitRow({ id: "a", from: "2026-12-01" }), visitRow({ id: "c", from: "2026-12-02", status: "cancelled" })];
    expect(ahead(rows, day).map(({ id }) => id)).toEqual(["a", "b"]);
  });
});

it("the board puts those first who need help", () => {
  const board = boardOf([
    partnershipRow({ id: "fine", last_contact: "2026-11-01" }), partnershipRow({ id: "quiet", last_contact: "2026-08" }),
    partnershipRow({ id: "never" }), partnershipRow({ id: "proposed", status: "proposed" }), partnershipRow({ id: "late", last_contact: "2026-11-01" }),
    partnershipRow({ id: "ended", status: "ended" }),
  ], [visitRow({ partnership: "late", from: "2026-11-01", status: "confirmed" })], day);
  expect(board.map(({ partnership, why }) => [partnership.id, why])).toEqual([
    ["late", "overdue"], ["proposed", "notAccepted"], ["never", "never"], ["quiet", "noContact"], ["fine", "fine"],
  ]);
});

it("the feed tells one person's consecutive edits of one document as one", () => {
  const groups = grouped([
    feedRow(6, { type: "proposal.approval_asked" }), feedRow(5, {}), feedRow(4, { type: "proposal.budget_line_set" }),
    feedRow(3, { actor: "u-2" }), feedRow(2, {}), feedRow(1, { stream: "proposal/q-2" }),
  ]);
  expect(groups.map(({ latest, count }) => [latest.position, count])).toEqual([[6, 1], [5, 2], [3, 1], [2, 1], [1, 1]]);
});
