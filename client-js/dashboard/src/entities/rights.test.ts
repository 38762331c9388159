import { describe, expect, it } from "vitest";
import { me, partnership, person, proposal, visit } from "../testing/entities";
import { mayEdit, partnershipRights, proposalRights, scopeOf, suggestionRights, textRights, visitRights } from "./rights";

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

describe("a text", () => {
  const partners = { UA1: { order: 0, side: "ua" as const }, EU1: { order: 1, side: "eu" as const }, EU9: { order: 2, side: "eu" as const } };
  const draft = proposal({ partners });
  const locked = proposal({ partners, status: "in_approval", locked: true });

  it("is written by officers and mayors of any partner and by the secretariat, while it is a draft", () => {
    expect(textRights(me("officer", "EU9"), draft)).toEqual({ edit: true, suggest: true, comment: true, advise: false, answerAdvice: true, name: true, restore: true, erase: false });
    expect(textRights(me("mayor", "UA1"), locked)).toMatchObject({ edit: false, suggest: true, comment: true, name: true, restore: false });
    expect(textRights(me("secretariat", "cemr"), draft)).toMatchObject({ edit: true, suggest: false, comment: true, answerAdvice: false, name: true, restore: true, erase: true });
  });

  it("is advised on by experts, who suggest and comment but do not write", () => {
    expect(textRights(me("expert", "u-lead"), draft)).toEqual({ edit: false, suggest: true, comment: true, advise: true, answerAdvice: false, name: false, restore: false, erase: false });
    expect(textRights(me("expert", "u-lead"), locked)).toMatchObject({ comment: true, advise: true, suggest: true });
    expect(textRights(me("expert", "u-lead"), proposal({ partners, status: "submitted", locked: true, submission: { ...stamp, version: 1, funder: "F", on: "2026-11-20" } })).suggest).toBe(false);
  });

  it("is only read by auditors, funders and other towns", () => {
    const nothing = { edit: false, suggest: false, comment: false, advise: false, answerAdvice: false, name: false, restore: false, erase: false };
    for (const reader of [me("auditor", "cemr"), me("funder", "u-lead"), me("officer", "UA2")]) expect(textRights(reader, draft)).toEqual(nothing);
  });

  it("takes a suggestion from another town only, and its suggester may withdraw it", () => {
    const own = me("officer", "UA1");
    expect(suggestionRights(own, draft, { actor: own.actor, organisation: "UA1" }, {})).toEqual({ accept: false, decline: false, withdraw: true });
    expect(suggestionRights(me("mayor", "UA1"), draft, { actor: "u-other", organisation: "UA1" }, {})).toMatchObject({ accept: false, decline: false });
    expect(suggestionRights(me("mayor", "EU1"), draft, { actor: "u-other", organisation: "UA1" }, {})).toEqual({ accept: true, decline: true, withdraw: false });
    expect(suggestionRights(me("mayor", "EU1"), locked, { actor: "u-other", organisation: "UA1" }, {})).toMatchObject({ accept: false, decline: true });
    expect(suggestionRights(me("secretariat", "cemr"), draft, { actor: "u-other", organisation: "u-lead" }, {})).toMatchObject({ accept: true, decline: true });
    expect(suggestionRights(me("expert", "u-lead"), draft, { actor: "u-other", organisation: "UA1" }, {})).toMatchObject({ accept: false, decline: false });
  });

  it("lets whoever goes on with the suggester's work withdraw it, by however many hands", () => {
    const people = { "u-first": person({ successor: "u-second" }), "u-second": person({ successor: me("officer", "UA1").actor }) };
    expect(suggestionRights(me("officer", "UA1"), draft, { actor: "u-first", organisation: "UA1" }, people)).toEqual({ accept: false, decline: false, withdraw: true });
    const circle = { "u-first": person({ successor: "u-second" }), "u-second": person({ successor: "u-first" }) };
    expect(suggestionRights(me("officer", "UA1"), draft, { actor: "u-first", organisation: "UA1" }, circle)).toMatchObject({ withdraw: false });
  });
});

it("a town's people follow their own lists, the others all", () => {
  expect(scopeOf(me("mayor", "UA1"))).toBe("UA1");
  expect(scopeOf(me("auditor", "cemr"))).toBe("all");
});
