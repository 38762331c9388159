// What is no edit of this text is refused by name: nothing is written, and the connection stays.
import assert from "node:assert/strict";
import { after, before, beforeEach, afterEach, describe, it } from "node:test";

import { within } from "./support/deadline.js";
import { Pen } from "./support/pen.js";
import { Group, Server } from "./support/server.js";
import { twoTowns } from "./support/towns.js";

const letters = "Привіт 🌊 світ";
const length = letters.length + 1; // with the newline that ends each text

const invalid = [
  ["no list of operations", null, "text", 7, {}, { ops: [{ insert: "a" }] }],
  ["no operation in a list", [null], ["a"], [1], [[]], [[{ insert: "a" }]]],
  ["nothing", [], [{}], [{ attributes: { bold: true } }], [{ insert: "" }], [{ retain: 1 }], [{ retain: length }]],
  ["two things in one operation", [{ insert: "a", delete: 1 }], [{ insert: "a", retain: 1 }], [{ retain: 1, delete: 1 }]],
  ["a member that is not known", [{ insert: "a", author: "me" }], [{ replace: "a" }]],
  ["a length that is not above 0",
    [{ retain: 0 }, { insert: "a" }], [{ retain: -1 }, { insert: "a" }], [{ delete: 0 }], [{ delete: -1 }]],
  ["a length that is not whole", [{ retain: 1.5 }, { insert: "a" }], [{ delete: 0.5 }], [{ delete: 1e300 }], [{ delete: 2 ** 53 }]],
  ["a length that is no number",
    [{ retain: "1" }, { insert: "a" }], [{ retain: null }, { insert: "a" }], [{ delete: true }], [{ delete: [1] }]],
  ["lengths that together are beyond counting", [{ delete: 2 ** 53 - 1 }, { insert: "a" }, { delete: 2 ** 53 - 1 }]],
  ["an embed",
    [{ insert: { image: "https://mosty.example/a.png" } }], [{ retain: { image: {} } }],
    ...[5, null, ["a"]].map((insert) => [{ insert }])],
  ["attributes that are none", ...[null, {}, [], "bold", true].map((attributes) => [{ insert: "a", attributes }])],
  ["an unknown attribute",
    ...["color", "font", "Bold", "script", "code-block", ""].map((name) => [{ insert: "a", attributes: { [name]: true } }])],
  ["a value that an attribute cannot have",
    ...[
      { bold: false }, { bold: 1 }, { italic: "true" }, { underline: {} }, { blockquote: "yes" }, { header: 0 }, { header: 4 },
      { header: 1.5 }, { header: "1" }, { header: true }, { list: "checked" }, { list: true },
    ].map((attributes) => [{ retain: 1, attributes }])],
  ["a link that leads astray",
    ...[
      "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "ftp://mosty.example", "file:///etc/passwd",
      "//mosty.example", "mosty.example", "", " https://mosty.example", "https://mosty.example/a b", "https://mosty.example/\n",
      "https://mosty.example/\u202e", "https://mosty.example/" + "a".repeat(2_027), 5, true, ["https://mosty.example"],
    ].map((link) => [{ insert: "a", attributes: { link } }])],
  ["an insert that takes attributes away", [{ insert: "a", attributes: { bold: null } }], [{ insert: "a", attributes: { link: null } }]],
  ["a deletion with attributes", [{ delete: 1, attributes: { bold: true } }]],
  ["a control character", ...["\u0000", "\u0007", "\b", "\v", "\f", "\r", "\u001b", "\u001f"].map((one) => [{ insert: `a${one}b` }])],
  ["a character that overrides the direction of writing",
    ..."\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069".split("").map((one) => [{ insert: `a${one}b` }])],
];

const outOfRange = [
  ["retaining past the end",
    [{ retain: length + 1 }, { insert: "a" }], [{ retain: length + 1, attributes: { bold: true } }],
    [{ retain: 2 ** 53 - 1 }, { insert: "a" }]],
  ["deleting past the end", [{ delete: length + 1 }], [{ retain: length }, { delete: 1 }], [{ retain: length - 1 }, { delete: 2 }]],
  ["a boundary inside a surrogate pair",
    [{ retain: 8 }, { insert: "a" }], [{ retain: 7 }, { delete: 1 }], [{ retain: 8 }, { delete: 1 }], [{ retain: 8 }, { delete: 2 }],
    [{ retain: 7 }, { retain: 1, attributes: { bold: true } }], [{ delete: 8 }]],
];

describe("what is refused of an edit", () => {
  const group = new Group();
  let server, towns, topic, witness, pen;

  after(() => group.end());
  before(async () => {
    server = await Server.start(group);
    towns = await twoTowns(server);
    topic = await towns.text();
    witness = await Pen.open(server, towns.cookies.friend, topic);
    await witness.write([{ insert: letters }]);
    pen = await Pen.open(server, towns.cookies.officer, topic);
  });

  // Nothing was written, and the same connection can write what is good.
  let stood;
  beforeEach(async () => {
    stood = { size: (await witness.connection.settle()).size, revision: witness.text.revision };
  });
  afterEach(async () => {
    assert.ok(server.alive);
    assert.equal((await witness.connection.settle()).size, stood.size);
    assert.equal(witness.text.revision, stood.revision);
    const { type, size } = await pen.connection.settle();
    assert.deepEqual([type, size], ["pong", stood.size]);
    assert.equal(pen.connection.closed, undefined);
  });

  for (const [what, ...changes] of invalid)
    it(what, async () => {
      for (const change of changes) {
        const problem = await pen.refused(change);
        assert.equal(problem.code, "invalid_delta", JSON.stringify(change));
        assert.ok(problem.detail);
      }
    });

  for (const [what, ...changes] of outOfRange)
    it(what, async () => {
      for (const change of changes) assert.equal((await pen.refused(change)).code, "edit_out_of_range", JSON.stringify(change));
    });

  const raw = (change, rest) => JSON.stringify(pen.command("CHANGE", rest)).replace('"CHANGE"', change);

  it("members that stand twice", async () => {
    for (const change of [
      '[{"insert":"a","insert":"b"}]', '[{"retain":1,"retain":1},{"insert":"a"}]', '[{"delete":1,"delete":1}]',
      '[{"insert":"a","attributes":{"bold":true,"bold":true}}]',
      '[{"insert":"a","attributes":{"link":"https://a.example","link":"https://b.example"}}]',
      '[{"insert":"a","attributes":{"bold":true},"attributes":{"bold":true}}]', '[{"insert":"a","in\\u0073ert":"b"}]',
    ]) {
      const answer = await pen.send(raw(change));
      assert.equal(answer.type, "refused");
      assert.equal(answer.problem.code, "invalid_delta", change);
    }
    const twice = await pen.send(raw('[{"insert":"a"}]').replace('"sequence":1', '"sequence":1,"sequence":1'));
    assert.deepEqual([twice.type, twice.problem.code, twice.problem.field], ["refused", "malformed", "sequence"]);
  });

  it("letters that are half of a pair", async () => {
    for (const half of ["\\ud83c", "\\udf0a", "\\udf0a\\ud83c", "a\\ud83cb", "\\ud83c\\ud83c\\udf0a"]) {
      const { problem } = await pen.connection.ask(raw(`[{"insert":"${half}"}]`), (frame) => frame.problem);
      assert.equal(problem.code, "not_json", half);
    }
  });

  it("a writer, number, base or time that is none names the member", async () => {
    const bad = {
      client: [7, "", "has space", "x".repeat(65), null],
      sequence: [0, -1, 1.5, "1", null, 2 ** 53],
      base: [-1, 0.5, "0", null],
      typed_at: [-1, "now", 0.5],
    };
    for (const [field, values] of Object.entries(bad))
      for (const value of values) {
        const { code, field: named } = await pen.refused([{ insert: "a" }], { id: "k-none-1", [field]: value });
        assert.ok(["malformed", "invalid_field"].includes(code), `${field} ${JSON.stringify(value)}: ${code}`);
        assert.equal(named, field);
      }
    for (const field of ["client", "sequence", "base", "change"]) {
      const command = pen.command([{ insert: "a" }]);
      delete command.data[field];
      const { problem } = await pen.send(command);
      assert.ok(["malformed", "invalid_field"].includes(problem.code), problem.code);
      assert.equal(problem.field, field);
    }
    assert.equal((await pen.refused([{ insert: "a" }], { colour: "red" })).field, "colour");
  });

  it("a number that is not the next one", async () => {
    const gap = await pen.refused([{ insert: "a" }], { sequence: 2 });
    assert.deepEqual([gap.code, gap.params.expected], ["sequence_gap", "1"]);
    assert.equal((await pen.refused([{ insert: "a" }], { sequence: 2 ** 53 - 1 })).code, "sequence_gap");
    const { code } = await witness.refused([{ insert: "other" }], { sequence: 1, base: 0 });
    assert.ok(["sequence_reused", "command_id_reused"].includes(code), code);
    const { field } = await pen.refused([{ insert: "a" }], { id: `${pen.client}-2`, sequence: 1 });
    assert.equal(field, "id");
  });

  it("a writer that belongs to somebody else, or to nobody, or to another text", async () => {
    const other = await Pen.open(server, towns.cookies.friend, await towns.text("needs"));
    for (const client of [witness.client, "k-made-up", other.client, `${pen.client}x`]) {
      const { code } = await pen.refused([{ insert: "a" }], { client, sequence: client === witness.client ? 2 : 1 });
      assert.equal(code, "unknown_client", client);
    }
    stood.size = (await witness.connection.settle()).size; // the other text's proposal
    await other.connection.close();
  });

  it("a base that is still to come", async () => {
    for (const base of [witness.text.revision + 1, 1_000, 2 ** 53 - 1])
      assert.equal((await pen.refused([{ insert: "a" }], { base })).code, "base_from_future");
  });

  it("a hand that may not write here", async () => {
    for (const [who, writer, code] of [["auditor", "not_allowed", "not_allowed"], ["expert", "not_allowed", "not_allowed"], ["stranger", "may_not_read", "not_found"]]) {
      const asked = await server.fetch("/v1/clients",
        { method: "POST", cookie: towns.cookies[who], body: JSON.stringify({ stream: topic }) });
      assert.deepEqual([asked.status, asked.json.code], [403, writer], who);
      const edit = { client: pen.client, sequence: 1, base: 1, change: [{ insert: "a" }] };
      assert.equal((await towns.asks(who, topic, "edit_text", edit, `${pen.client}-1`)).json.code, "unknown_client");
      assert.equal(await towns.refused(who, topic, "restore_text", { revision: 0 }), code, who);
    }
  });

  it("20 KiB as one edit, though each half of it is good", async () => {
    const problem = await pen.refused([{ insert: "ї".repeat(10 * 1024) }]);
    assert.equal(problem.code, "edit_too_big");
    assert.equal(problem.params.max, String(16 * 1024));
  });

  it("a paste of 10 MB as one message ends the connection with a reason, and the text is as it was", async () => {
    const paste = await Pen.open(server, towns.cookies.officer, topic);
    const told = paste.connection.frame((frame) => frame.type === "error", "the reason");
    paste.connection.send(paste.command([{ insert: "a".repeat(10_000_000) }]));
    assert.equal((await told).problem.code, "too_big");
    assert.deepEqual(await within(paste.connection.ended, "the end"), { code: 1009 });
  });
});

it("a text holds 200,000 letters, and not one more", { timeout: 60_000 }, async (test) => {
  const server = await Server.start(test);
  const towns = await twoTowns(server);
  const pen = await Pen.open(server, towns.cookies.officer, await towns.text());
  await pen.writeAll(Array.from({ length: 199 }, () => [{ insert: "1".repeat(1_000) }]), 32);
  await pen.write([{ insert: "2".repeat(999) }]);
  assert.equal(pen.text.letters.length, 200_000);
  const problem = await pen.refused([{ insert: "3" }]);
  assert.deepEqual([problem.code, problem.params], ["text_too_long", { max: "200000", length: "200001" }]);
  await pen.write([{ delete: 1 }, { insert: "3" }]);
  assert.equal(pen.text.letters.length, 200_000);
});
