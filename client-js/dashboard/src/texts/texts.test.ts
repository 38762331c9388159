import { describe, expect, it } from "vitest";
import { blocksOf, linesOf } from "./blocks";
import { cleaned, cleanText, linkFrom } from "./clean";
import { afterOf, difference, isChanged } from "./difference";
import { quoteOf, withMarks } from "./marks";
import { textOf, unitsOf, type Content } from "./ops";
import { ownerOf, stateOf } from "./sections";
import { excerpt, tracked } from "./tracked";

const plain = (text: string): Content => [{ insert: text }];

describe("blocks of a content", () => {
  it("put lines of one list together and tell headings, quotes and paragraphs apart", () => {
    const blocks = blocksOf([
      { insert: "Мета" }, { insert: "\n", attributes: { header: 2 } }, { insert: "one" }, { insert: "\n", attributes: { list: "bullet" } },
      { insert: "two" }, { insert: "\n", attributes: { list: "bullet" } }, { insert: "first" }, { insert: "\n", attributes: { list: "ordered" } },
      { insert: "said" }, { insert: "\n", attributes: { blockquote: true } }, { insert: "plain\n" },
    ]);
    expect(blocks.map(({ kind }) => kind)).toEqual(["heading", "list", "list", "quote", "paragraph"]);
    expect(blocks[1]).toMatchObject({ ordered: false, items: [[{ text: "one", from: 5 }], [{ text: "two", from: 9 }]] });
  });

  it("know the place of each run, also after letters outside the first plane", () => {
    const [first] = linesOf([{ insert: "😀 a" }, { insert: "b", attributes: { bold: true } }, { insert: "c\n" }]);
    expect(first?.line).toEqual([
      { text: "😀 a", from: 0, attributes: {} }, { text: "b", from: 4, attributes: { bold: true } }, { text: "c", from: 5, attributes: {} },
    ]);
  });

  it("show a line that is list and heading at once as the editor does", () => {
    expect(blocksOf([{ insert: "a" }, { insert: "\n", attributes: { header: 1, list: "ordered" } }])[0]?.kind).toBe("list");
  });

  it("do not count shown deletions in the places", () => {
    const [line] = linesOf([{ insert: "a" }, { insert: "xx", attributes: { deleted: true } }, { insert: "b\n" }]);
    expect(line?.line.map(({ from }) => from)).toEqual([0, 1, 1]);
  });
});

describe("what is pasted", () => {
  it("keeps the schema's formats and drops all others", () => {
    expect(cleaned([
      { insert: "red", attributes: { color: "#f00", bold: true, link: "javascript:alert(1)" } },
      { insert: "\n", attributes: { header: "2", align: "right", bold: true } }, { insert: { image: "data:" } }, { insert: "\n", attributes: { list: "checked" } },
    ])).toEqual([{ insert: "red", attributes: { bold: true } }, { insert: "\n", attributes: { header: 2 } }, { insert: "\n", attributes: { list: "bullet" } }]);
  });

  it("loses control characters, direction overrides and halves of pairs, and line ends become one", () => {
    expect(cleanText("a\r\nb\rc\u2028d\u0000\u0007\u202Ee\u2066\uD83Df\u{1F600}\tg")).toBe("a\nb\nc\nde" + "f\u{1F600}\tg");
  });

  it("gives letters and line ends only what is theirs", () => {
    expect(cleaned([{ insert: "a\nb", attributes: { header: 1, bold: true } }])).toEqual([
      { insert: "a", attributes: { bold: true } }, { insert: "\n", attributes: { header: 1 } }, { insert: "b", attributes: { bold: true } },
    ]);
  });
});

it("a format taken away is null in a retain, and no attribute in an insert", () => {
  expect(cleaned([{ retain: 2, attributes: { bold: false, italic: null, link: "", color: "red" } }, { insert: "x", attributes: { bold: false } }, { delete: 1 }]))
    .toEqual([{ retain: 2, attributes: { bold: null, italic: null, link: null } }, { insert: "x" }, { delete: 1 }]);
});

it("a link gets the scheme that people leave out, and may be nothing else than web or mail", () => {
  expect(linkFrom(" mosty.example/звіт ")).toBe("https://mosty.example/звіт");
  expect(linkFrom("mosty.example:8080/a")).toBe("https://mosty.example:8080/a");
  expect(linkFrom("olena@byshiv.example")).toBe("mailto:olena@byshiv.example");
  expect(linkFrom("http://a.example")).toBe("http://a.example");
  for (const bad of ["javascript:alert(1)", "data:text/html,x", "", "two words", "ftp://a.example", `https://a.example/${"x".repeat(2_048)}`]) expect(linkFrom(bad)).toBeUndefined();
});

describe("the difference of two contents", () => {
  it("marks words that came and strikes words that went", () => {
    expect(difference(plain("Ми лагодимо старий насос.\n"), plain("Ми лагодимо новий насос і трубу.\n"))).toEqual([
      { insert: "Ми лагодимо " }, { insert: "старий", attributes: { deleted: true } }, { insert: "новий", attributes: { inserted: true } },
      { insert: " насос" }, { insert: " і трубу", attributes: { inserted: true } }, { insert: ".\n" },
    ].map((op) => ({ ...op, attributes: op.attributes ?? {} })));
  });

  it("tells a change of looks from a change of words", () => {
    const shown = difference(plain("a b\n"), [{ insert: "a " }, { insert: "b", attributes: { bold: true } }, { insert: "\n" }]);
    expect(shown[1]).toEqual({ insert: "b", attributes: { bold: true, formatted: true } });
    expect(isChanged(difference(plain("same\n"), plain("same\n")))).toBe(false);
  });

  it("never lies about what is there, for random texts", () => {
    const seed = Number(process.env["MOSTY_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
    let state = seed;
    const random = (below: number) => { state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0; return (state >>> 8) % below; };
    const words = () => Array.from({ length: random(40) }, () => ["я", "town", "😀", "\n", ", ", "water"][random(6)]).join(" ") + "\n";
    for (let round = 0; round < 150; round += 1) {
      const [before, after] = [words(), words()];
      expect(afterOf(difference(plain(before), plain(after))), `MOSTY_SEED=${seed}`).toBe(after);
    }
  });

  it("shows a text that was rewritten from end to end as such, without counting every word", () => {
    const many = (word: string) => plain(Array.from({ length: 1_200 }, (_, index) => `${word}${index}`).join(" ") + "\n");
    expect(afterOf(difference(many("a"), many("b")))).toBe(textOf(many("b")));
  });
});

describe("marks", () => {
  it("split the content where passages begin and end", () => {
    expect(withMarks(plain("abcdef\n"), [{ id: "x", from: 1, to: 4 }, { id: "y", from: 2, to: 3 }])).toEqual([
      { insert: "a" }, { insert: "b", attributes: { marks: ["x"] } }, { insert: "c", attributes: { marks: ["x", "y"] } },
      { insert: "d", attributes: { marks: ["x"] } }, { insert: "ef\n" },
    ]);
  });

  it("quote a passage shortly and never half a letter", () => {
    expect(quoteOf("a😀b", { from: 0, to: 4 }, 3)).toBe("a…");
    expect(quoteOf("one\n two", { from: 0, to: 8 })).toBe("one two");
  });
});

describe("a suggested change", () => {
  it("is shown in its place: what would come, what would go, what would look otherwise", () => {
    expect(tracked(plain("old text\n"), [{ insert: "new" }, { delete: 3 }, { retain: 1 }, { retain: 4, attributes: { bold: true } }])).toEqual([
      { insert: "old", attributes: { deleted: true } }, { insert: "new", attributes: { inserted: true } }, { insert: " " },
      { insert: "text", attributes: { bold: true, formatted: true } }, { insert: "\n" },
    ]);
  });

  it("is cut to the lines that it touches", () => {
    expect(textOf(excerpt(tracked(plain("far\nnear\naway\n"), [{ retain: 8 }, { insert: "er" }])))).toBe("nearer\n");
  });
});

it("a section is empty, written or too long", () => {
  expect(stateOf(plain("\n"), "objective")).toBe("empty");
  expect(stateOf(plain(" \n\n"), "objective")).toBe("empty");
  expect(stateOf(plain(`${"я".repeat(2_000)}\n`), "objective")).toBe("written");
  expect(stateOf(plain(`${"я".repeat(2_001)}\n`), "objective")).toBe("too_long");
  expect(unitsOf(plain("abc\n"))).toBe(3);
  expect(ownerOf("text/proposal/p-1/needs")).toEqual({ proposal: "p-1", section: "needs" });
  expect(ownerOf("proposal/p-1")).toBeUndefined();
});
