import { describe, expect, it } from "vitest";
import { Delta } from "../../../src/index";
import { SurfaceForTest, TextForTest } from "../testing/texts";
import { Binding } from "./binding";
import { Draft } from "./draft";
import { settled } from "./lines";
import { withWholePairs } from "./pairs";
import { moved } from "./roving";
import { isBullet, looksOf, withoutStyles } from "./styles";

const textOf = (delta: Delta) => delta.ops.map(({ insert }) => insert).join("");

function bound(text: string) {
  const shared = new TextForTest(text);
  const surface = new SurfaceForTest();
  const log: string[] = [];
  const binding = new Binding(surface, shared, (sentence) => log.push(sentence));
  const type = (change: Delta) => surface.type(change, (own, before) => binding.typed(own, before));
  return { shared, surface, log, binding, type };
}

describe("an editor bound to a text", () => {
  it("shows the text, hands on what is typed, and shows what others write", () => {
    const { shared, surface, type } = bound("Вода\n");
    type(new Delta().retain(4).insert("!"));
    shared.others(new Delta().insert("Чиста "));
    expect(textOf(surface.shown)).toBe("Чиста Вода!\n");
    expect(shared.content).toEqual(surface.shown);
    expect(shared.submitted).toHaveLength(1);
  });

  it("never writes in answer to what others write", () => {
    const { shared, surface, log } = bound("a\n");
    shared.others(new Delta().insert("b"));
    shared.others(new Delta().retain(1).delete(1), "merge");
    expect(shared.submitted).toEqual([]);
    expect(log).toEqual([]);
    expect(surface.replaced).toBe(1);
  });

  it("sets its content anew and says so when the lengths differ", () => {
    const { shared, surface, log } = bound("a\n");
    surface.shown = surface.shown.compose(new Delta().insert("stray"));
    shared.others(new Delta().insert("b"));
    expect(surface.shown).toEqual(shared.content);
    expect(log).toHaveLength(1);
    expect(shared.submitted).toEqual([]);
  });

  it("hands on only what a text may hold, and shows no more than that", () => {
    const { shared, surface, type } = bound("a\n");
    type(new Delta().insert("x\u202E", { bold: true, color: "red" }));
    expect(shared.submitted[0]?.ops).toEqual([{ insert: "x", attributes: { bold: true } }]);
    expect(surface.shown).toEqual(shared.content);
  });

  it("writes nothing for a change that would change nothing", () => {
    const { shared, type } = bound("abc\n");
    type(new Delta().retain(1));
    type(new Delta().retain(1, { color: "red" }));
    expect(shared.submitted).toEqual([]);
  });

  it("holds others' writing back while an input method composes", () => {
    const { shared, surface, binding, type } = bound("a\n");
    binding.composing();
    shared.others(new Delta().insert("theirs "));
    expect(textOf(surface.shown)).toBe("a\n");
    type(new Delta().retain(1).insert("ї"));
    binding.composed();
    expect(textOf(surface.shown)).toBe("theirs aї\n");
    expect(surface.shown).toEqual(shared.content);
  });

  it("leaves a paste that no text can hold to the shared text, and shows the text again once it is parked", () => {
    const { shared, surface, binding } = bound("a\n");
    const paste = new Delta().insert("x".repeat(200_001));
    binding.tooBig(paste);
    shared.others(new Delta().insert("b"));
    expect(textOf(surface.shown)).toBe("a\n");
    shared.others(new Delta().retain(1).delete(200_001), "parked");
    expect(textOf(surface.shown)).toBe("ba\n");
  });
});

describe("a line that two people made two things at once", () => {
  const held = new Delta().insert("a").insert("\n", { header: 1, list: "bullet" }).insert("b\n");

  it("is shown as the same one of them by every editor", () => {
    const heading = new Delta().insert("a").insert("\n", { header: 1 }).insert("b\n");
    expect(settled(heading, held).ops).toEqual([{ retain: 1 }, { retain: 1, attributes: { header: null, list: "bullet" } }]);
    const list = new Delta().insert("a").insert("\n", { list: "bullet" }).insert("b\n");
    expect(settled(list, held).ops).toEqual([]);
  });

  it("is settled after others' changes and after one's own, without a word to the shared text", () => {
    const { shared, surface, type } = bound("a\n");
    type(new Delta().retain(1).retain(1, { header: 1 }));
    shared.others(new Delta().retain(1).retain(1, { list: "bullet" }));
    expect(surface.shown.ops.at(-1)).toEqual({ insert: "\n", attributes: { list: "bullet" } });
    expect(shared.submitted).toHaveLength(1);
  });
});

describe("a change that cuts a letter in half", () => {
  it("is said again with whole letters", () => {
    const before = new Delta().insert("a😀b\n");
    const change = new Delta().retain(2).insert("\uDE01").delete(1);
    const whole = withWholePairs(change, before);
    expect(whole.ops).toEqual([{ retain: 1 }, { insert: "😁" }, { delete: 2 }]);
    expect(before.compose(whole)).toEqual(before.compose(change));
  });

  it("is left alone when it cuts none", () => {
    const change = new Delta().retain(1).insert("😀").delete(2);
    expect(withWholePairs(change, new Delta().insert("a😁b\n"))).toBe(change);
  });
});

describe("a suggestion being prepared", () => {
  it("changes a copy only, and follows what others write meanwhile", () => {
    const shared = new TextForTest("old text\n");
    const told: Delta[] = [];
    const draft = new Draft(shared, (change) => told.push(change));
    const surface = new SurfaceForTest();
    const binding = new Binding(surface, draft, () => {});
    surface.type(new Delta().insert("new").delete(3), (change, before) => binding.typed(change, before));
    expect(textOf(shared.content)).toBe("old text\n");
    shared.others(new Delta().insert("An "));
    expect(textOf(surface.shown)).toBe("An new text\n");
    expect(shared.content.compose(draft.change)).toEqual(draft.content);
    expect(draft.change.ops).toEqual([{ retain: 3 }, { insert: "new" }, { delete: 3 }]);
    expect(told).toHaveLength(2);
  });

  it("ends as it would have, had the writers taken turns, for random changes", () => {
    const seed = Number(process.env["MOSTY_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
    let state = seed;
    const random = (below: number) => { state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0; return (state >>> 8) % below; };
    const edit = (content: Delta) => {
      const at = random(content.length());
      const gone = random(Math.min(4, content.length() - at));
      return new Delta().retain(at).insert("xyz".slice(random(3))).delete(gone);
    };
    for (let round = 0; round < 120; round += 1) {
      const shared = new TextForTest("abcdefgh\n");
      const draft = new Draft(shared, () => {});
      const surface = new SurfaceForTest();
      const binding = new Binding(surface, draft, (sentence) => { throw new Error(`${sentence} MOSTY_SEED=${seed}`); });
      for (let turn = 0; turn < 8; turn += 1) {
        if (random(2) === 0) surface.type(edit(surface.shown), (change, before) => binding.typed(change, before));
        else shared.others(edit(shared.content));
        expect(surface.shown, `MOSTY_SEED=${seed}`).toEqual(draft.content);
      }
    }
  });
});

it("arrow keys go round a toolbar, Home and End to its ends", () => {
  expect(moved("ArrowRight", 2, 3)).toBe(0);
  expect(moved("ArrowLeft", 0, 3)).toBe(2);
  expect(moved("Home", 2, 3)).toBe(0);
  expect(moved("End", 0, 3)).toBe(2);
  expect(moved("a", 0, 3)).toBeUndefined();
});

describe("a pasted page", () => {
  it("has its styles laid aside in its tags, and nowhere in its words", () => {
    expect(withoutStyles('<style>p { color: red }</style><p class="a>b" style="color:red">the style="x" of it</p>'))
      .toBe('<p class="a>b" data-style="color:red">the style="x" of it</p>');
  });

  it("keeps of its styles what a text has", () => {
    expect(looksOf("font-weight:700;font-style: italic;color:red")).toEqual({ bold: true, italic: true });
    expect(looksOf("text-decoration-line: underline")).toEqual({ underline: true });
    expect(looksOf("font-weight:400;text-decoration:none")).toEqual({});
  });

  it("tells Word's bullets from its numbers", () => {
    expect(["1.", " 12) ", "a)", "IV.", "(б)"].map(isBullet)).toEqual([false, false, false, false, false]);
    expect(["·  ", "o  ", "§ ", "–"].map(isBullet)).toEqual([true, true, true, true]);
  });
});
