import { describe, expect, it } from "vitest";
import { me, partnership, proposal, visit } from "../testing/entities";
import { mayEdit, partnershipRights, proposalRights, scopeOf, visitRights } from "./rights";

const stamp = { at: "", actor: "" };
const day = "2026-11-22";

describe("a partnership", () => {
  it("is answered by the side that has not accepted", () => {
    const proposed = partnership({ status: "proposed", by: "eu", accepted: { eu: stamp } });
    expect(partnershipRights(me("officer", "UA1"), proposed)).toMatchObject({ accept: ["ua"], decline: ["ua"], withdraw: false, plan: false });
    expect(partnershipRights(me("officer", "EU1"), proposed)).toMatchObject({ accept: [], withdraw: true });
  });

  it("is answered for either side by the secretariat", () => {
    const proposed = partnership({ status: "proposed", by: "programme", accepted: {} });
    expect(partnershipRights(me("secretariat", "cemr"), proposed)).toMatchObject({ accept: ["ua", "eu"], withdraw: true });
  });

  it("is only looked at by an auditor and by other towns", () => {
    const nothing = { accept: [], decline: [], withdraw: false, end: false, plan: false, draft: false, correct: false };
    expect(partnershipRights(me("auditor", "cemr"), partnership({}))).toEqual(nothing);
    expect(partnershipRights(me("mayor", "UA2"), partnership({}))).toEqual(nothing);
  });
});

describe("a visit", () => {
  it("is confirmed by the side that has not, and recorded as held once it has begun", () => {
    const planned = visit({ status: "planned", from: "2026-11-20", confirmed: { ua: stamp } });
    expect(visitRights(me("officer", "EU1"), planned, day)).toMatchObject({ confirm: ["eu"], hold: true, report: false });
    expect(visitRights(me("officer", "EU1"), planned, "2026-11-19")).toMatchObject({ hold: false });
  });

  it("without dates cannot be confirmed", () => {
    const { from: _from, ...undated } = visit({ status: "postponed", confirmed: {} });
    expect(visitRights(me("officer", "EU1"), undated, day).confirm).toEqual([]);
  });
});

describe("a proposal", () => {
  const approval = { version: 2, asked_by: "u", asked_side: "ua" as const, at: "", content_hash: "", approved: { ua: stamp } };
  const asked = proposal({ status: "in_approval", locked: true, approval });

  it("is signed by the mayor whose side has not signed, and by nobody else", () => {
    expect(proposalRights(me("mayor", "EU1"), asked)).toMatchObject({ sign: true, giveBack: true, edit: false });
    expect(proposalRights(me("mayor", "UA1"), asked)).toMatchObject({ sign: false });
    expect(proposalRights(me("officer", "EU1"), asked)).toMatchObject({ sign: false, giveBack: false, withdraw: true });
    expect(proposalRights(me("secretariat", "cemr"), asked)).toMatchObject({ sign: false, withdraw: true });
  });

  it("is edited by a further partner while it is a draft", () => {
    const draft = proposal({ partners: { UA1: { order: 0, side: "ua" }, EU1: { order: 1, side: "eu" }, EU9: { order: 2, side: "eu" } } });
    expect(mayEdit(me("officer", "EU9"), draft)).toBe(true);
    expect(mayEdit(me("officer", "EU9"), { ...draft, locked: true })).toBe(false);
    expect(mayEdit(me("auditor", "EU9"), draft)).toBe(false);
  });
});

it("a town's people follow their own lists, the others all", () => {
  expect(scopeOf(me("mayor", "UA1"))).toBe("UA1");
  expect(scopeOf(me("auditor", "cemr"))).toBe("all");
});
