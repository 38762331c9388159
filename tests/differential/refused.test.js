// What quill-delta takes and we refuse: the documented difference. Everything that reaches our algorithms has
// passed this door, which is why delta.test.js needs no exception.
//
// Refused too, but only once it meets a text (edit_out_of_range): retaining or deleting past its end, and a
// boundary inside a surrogate pair.
import assert from "node:assert/strict";
import { after, test } from "node:test";

import Delta from "quill-delta";

import { Pipe } from "./support/pipe.js";

const pipe = new Pipe();
after(() => pipe.close());

// Each is applied to a text by quill-delta without an error.
const refused = {
  "no operations": [],
  "a retain that changes nothing": [{ retain: 2 }],
  "an empty operation": [{ insert: "a" }, {}],
  "attributes alone": [{ attributes: { bold: true } }],
  "two kinds in one operation": [{ insert: "a", delete: 1 }],
  "an unknown member": [{ insert: "a", author: "u-1" }],
  "a retain of 0": [{ retain: 0 }, { insert: "a" }],
  "a delete of 0": [{ delete: 0 }, { insert: "a" }],
  "a negative retain": [{ retain: -1 }],
  "a negative delete": [{ delete: -1 }],
  "half a unit": [{ retain: 1.5, attributes: { bold: true } }],
  "a length over 2^53 - 1": [{ retain: 2 ** 53, attributes: { bold: true } }],
  "an insert of the empty string": [{ insert: "" }, { delete: 1 }],
  "an insert of null": [{ insert: null }, { delete: 1 }],
  "an embed": [{ insert: { image: "https://byshiv.test/a.png" } }],
  "a number as text": [{ insert: 7 }],
  "attributes of a deletion": [{ delete: 1, attributes: { bold: true } }],
  "attributes without any": [{ insert: "a", attributes: {} }],
  "attributes that are null": [{ insert: "a", attributes: null }],
  "an unknown attribute": [{ insert: "a", attributes: { color: "red" } }],
  "bold that is false": [{ retain: 1, attributes: { bold: false } }],
  "a header of level 4": [{ retain: 1, attributes: { header: 4 } }],
  "a list of unknown kind": [{ retain: 1, attributes: { list: "checked" } }],
  "a link that runs a script": [{ retain: 1, attributes: { link: "javascript:alert(1)" } }],
  "an insert that takes an attribute away": [{ insert: "a", attributes: { bold: null } }],
  "a control character": [{ insert: "a\u0007" }],
  "a carriage return": [{ insert: "a\r\n" }],
  "a right-to-left override": [{ insert: "a\u202e" }],
  "a directional isolate": [{ insert: "\u2066a\u2069" }],
};

for (const [name, operations] of Object.entries(refused)) {
  test(`quill-delta takes, and we refuse: ${name}`, async () => {
    new Delta([{ insert: "ab\n" }]).compose(new Delta(operations));
    assert.deepEqual(await pipe.answers([JSON.stringify({ send: operations })]), ['"invalid_delta"']);
  });
}

test("quill-delta takes, and we refuse: members that stand there twice, of which JavaScript keeps the last", async () => {
  for (const list of ['[{"insert":"a","insert":"b"}]', '[{"insert":"a","attributes":{"bold":true,"bold":true}}]']) {
    new Delta([{ insert: "ab\n" }]).compose(new Delta(JSON.parse(list)));
    assert.deepEqual(await pipe.answers([`{"send":${list}}`]), ['"invalid_delta"']);
  }
});

test("quill-delta takes, and we refuse: more than 16 KiB at once", async () => {
  const operations = [{ insert: "щ".repeat(9_000) }];
  assert.deepEqual(await pipe.answers([JSON.stringify({ send: operations })]), ['"edit_too_big"']);
});

test("what both take is normalised alike", async () => {
  const operations = [
    { delete: 1 },
    { insert: "Їжа" },
    { insert: "к 🌉" },
    { retain: 1, attributes: { header: 1, bold: null } },
    { retain: 1, attributes: { bold: null, header: 1 } },
    { retain: 3 },
  ];
  const delta = new Delta();
  for (const operation of operations) delta.push(operation);
  const [answer] = await pipe.answers([JSON.stringify({ send: operations })]);
  assert.deepEqual(JSON.parse(answer), delta.chop().ops);
});
