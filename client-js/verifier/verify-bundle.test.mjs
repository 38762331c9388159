import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { apply, dataOf, Unreadable, Untrue, verifyBundle } from "./bundle.mjs";
import { SmallLog } from "./small-log.mjs";

const stream = "proposal/p-1";
const needs = `text/${stream}/needs`;
const line = { category: "equipment", partner: "UA1", description: "Pumps", amount: 12_500_000, currency: "EUR", invented: true };

// When and by whom something was recorded; in full with its position.
const stamp = (position, full = false) => ({ at: `2026-11-26T10:00:${String(position).padStart(2, "0")}.000Z`, actor: "u-4c1", ...(full ? { position } : {}) });
const unwritten = ["objective", "target_groups", "partnership", "activities", "results", "risks", "sustainability"];
const drafted = { partnership: "pa-1", title: "Water", lead: "ua", partners: ["UA1", "EU1"], sectors: ["water_supply"] };

// What a draft shows from its first event on.
const begun = {
  partnership: "pa-1", ua: "UA1", eu: "EU1", lead: "ua", title: "Water", sectors: ["water_supply"], status: "draft", locked: false,
  partners: { UA1: { order: 0, side: "ua" }, EU1: { order: 1, side: "eu" } }, budget: {}, sources: {}, indicators: {}, totals: {},
  facts: { "e-3": { order: 3, type: "proposal.drafted", ...stamp(3), data: { ...drafted, summary: "Old" } } },
};

// A proposal that was drafted, written, discussed and reckoned, among the events of others.
function scene(origin) {
  const log = new SmallLog(origin);
  const others = (count) => { for (let index = 0; index < count; index += 1) log.add("partnership/other", "partnership.accepted", { side: "ua" }); };
  others(3);
  log.add(stream, "proposal.drafted", { ...drafted, summary: "Old" });
  log.add(needs, "text.edited", { client: "k-1", sequence: 1, base: 0, change: [{ insert: "Насоси 🌉 зношені", attributes: { bold: true } }] });
  others(1);
  log.add(needs, "text.commented", { thread: "t-1", kind: "comment", from: 0, to: 3, quote: "Нас", body: "Why?" });
  log.add(needs, "text.edited", { client: "k-1", sequence: 2, base: 2, change: [{ retain: 6, attributes: { bold: null } }, { delete: 3 }, { retain: 8 }, { retain: 1, attributes: { header: 2 } }, { insert: "Труби" }], repair: [{ retain: 20 }, { insert: "\n" }] });
  log.add(needs, "text.suggested", { suggestion: "s-1", change: [{ delete: 1 }], quote: "Н" });
  log.add(stream, "proposal.budget_line_set", { line: "b-1", ...line, amount: 1 });
  log.add(stream, "proposal.budget_line_set", { line: "b-2", ...line });
  log.add(stream, "proposal.budget_line_set", { line: "b-1", ...line });
  log.add(stream, "proposal.budget_line_removed", { line: "b-2" });
  log.add(stream, "proposal.funding_source_set", { source: "s-1", name: "Own", kind: "own", amount: 500, currency: "EUR", status: "confirmed", invented: true });
  log.add(stream, "proposal.indicator_set", { indicator: "i-1", name: "People", unit: "people", target: 7, invented: true });
  log.add(stream, "proposal.edited", { title: "Clean water", cleared: ["summary"] });
  others(5);
  const content = {
    proposal: {
      id: "p-1", revision: 8, created: stamp(3, true), changed: stamp(15, true), ...begun, title: "Clean water", locked: false,
      budget: { "b-1": { order: 9, ...line, ...stamp(11) } },
      sources: { "s-1": { order: 13, name: "Own", kind: "own", amount: 500, currency: "EUR", status: "confirmed", invented: true, ...stamp(13) } },
      indicators: { "i-1": { order: 14, name: "People", unit: "people", target: 7, invented: true, ...stamp(14) } },
      totals: { EUR: { budget: 12_500_000, funding: 500, confirmed: 500, gap: 12_499_500 } },
      texts: { needs: "written" }, missing: ["summary", ...unwritten],
    },
    texts: { needs: { revision: 4, content: [{ insert: "Насоси" }, { insert: " зношені", attributes: { bold: true } }, { insert: "\n", attributes: { header: 2 } }, { insert: "Труби\n" }] } },
  };
  return { log, content, bundle: log.bundle(stream, content) };
}

const check = (bundle, key) => verifyBundle(JSON.stringify(bundle), key);
const copy = (bundle) => structuredClone(bundle);

suite("an evidence bundle", () => {
  const { log, content, bundle } = scene();

  test("holds when everything in it is what was signed", () => {
    const found = check(bundle, log.key);
    assert.equal(found.isPinned, true);
    assert.equal(found.bundle.events.length, 12);
    assert.deepEqual([...found.streams].map(([name, events]) => [name, events.length]), [[stream, 8], [needs, 4]]);
    assert.deepEqual(found.texts, [{ section: "needs", revision: 4, units: 20 }]);
    assert.deepEqual(found.figures, { budget: 1, sources: 1, indicators: 1, approved: [] });
    assert.equal(check(bundle).isPinned, false);
  });

  test("holds as of any earlier size at which its content was the same", () => {
    for (let size = log.entries.length - 4; size <= log.entries.length; size += 1) check(log.bundle(stream, content, { size }), log.key);
  });

  test("may show the content of an earlier moment than its checkpoint's", () => {
    const early = log.bundle(stream, {
      proposal: { id: "p-1", revision: 1, created: stamp(3, true), changed: stamp(3, true), ...begun, summary: "Old", texts: { needs: "written" }, missing: ["budget", ...unwritten] },
      texts: { needs: { revision: 1, content: [{ insert: "Насоси 🌉 зношені", attributes: { bold: true } }, { insert: "\n" }] } },
    }, { at: 6 });
    assert.equal(check(early, log.key).bundle.at, 6);
    assert.throws(() => check({ ...early, at: 4 }, log.key), /"needs" is shown, but has no events/);
    assert.throws(() => check({ ...early, at: log.entries.length }, log.key), Untrue);
    assert.throws(() => check({ ...early, at: log.entries.length + 1 }, log.key), /as of 22, past the log's 21 events/);
    const { at: _at, ...without } = bundle;
    check(without, log.key);
  });

  test("carries its partnership and its partners' rows, and no other stream", () => {
    assert.throws(() => check(log.bundle(stream, content, { isOf: () => true }), log.key), /is of partnership\/other, which has no place in evidence of proposal\/p-1/);
    const more = scene();
    more.log.add("partnership/pa-1", "partnership.accepted", { side: "ua" });
    more.log.add("municipality/UA1", "municipality.registered", { name: "A", country: "UA", scheme: "none", source: "s" });
    check(more.log.bundle(stream, content, { isOf: (subject) => subject !== "partnership/other" }), more.log.key);
  });

  test("names its log by the id in the origin or in an event, or says that neither does", () => {
    assert.equal(check(bundle, log.key).isLogNamed, true);
    assert.equal(check({ ...bundle, log: "another" }, log.key).isLogNamed, false);
    const plain = scene("mosty.invalid/9f2c");
    check(plain.bundle, plain.log.key);
    assert.throws(() => check({ ...plain.bundle, log: "another" }, plain.log.key), /of the log another, the checkpoint's origin is mosty\.invalid\/9f2c/);
  });

  test("does not hold with one bit flipped in any event", () => {
    for (const index of bundle.events.keys()) {
      for (const at of [20, Math.floor(bundle.events[index].entry.length / 2), bundle.events[index].entry.length - 3]) {
        const bent = copy(bundle);
        const bytes = Buffer.from(bent.events[index].entry);
        bytes[at] ^= 1;
        bent.events[index].entry = bytes.toString();
        assert.throws(() => check(bent, log.key), /do not lead to the signed root/, `event ${index}, byte ${at}`);
      }
    }
  });

  test("does not hold with a bit flipped in a node, or with a node more or less", () => {
    for (const index of bundle.nodes.keys()) {
      const bent = copy(bundle);
      const bytes = Buffer.from(bent.nodes[index], "base64");
      bytes[31] ^= 1;
      bent.nodes[index] = bytes.toString("base64");
      assert.throws(() => check(bent, log.key), /do not lead to the signed root/);
    }
    assert.throws(() => check({ ...bundle, nodes: bundle.nodes.slice(0, -1) }, log.key), /a hash is missing/);
    assert.throws(() => check({ ...bundle, nodes: [...bundle.nodes, bundle.nodes[0]] }, log.key), /1 hashes are left over/);
  });

  test("does not hold when any event but a stream's last is left out", () => {
    const lasts = new Set([stream, needs].map((name) => bundle.events.findLast(({ entry }) => JSON.parse(entry).subject === name).position));
    for (const { position } of bundle.events) {
      assert.throws(() => check({ ...bundle, events: bundle.events.filter((event) => event.position !== position) }, log.key), Untrue);
      // Someone who knows how to make the proof without it is caught by the gap in the revisions.
      const events = bundle.events.filter((event) => event.position !== position);
      const nodes = log.nodes(events.map((event) => event.position), 0, log.entries.length);
      const forged = () => check({ ...bundle, events, nodes }, log.key);
      if (lasts.has(position)) assert.throws(forged, Untrue, "and here by what the content says");
      else assert.throws(forged, /revision \d+ of \S+ is missing/);
    }
  });

  test("does not hold with two events in each other's place", () => {
    const swapped = copy(bundle);
    [swapped.events[2].entry, swapped.events[3].entry] = [swapped.events[3].entry, swapped.events[2].entry];
    assert.throws(() => check(swapped, log.key), /do not lead to the signed root/);
    const reordered = copy(bundle);
    [reordered.events[2], reordered.events[3]] = [reordered.events[3], reordered.events[2]];
    assert.throws(() => check(reordered, log.key), /out of order/);
  });

  test("does not hold under another key, however well it is signed", () => {
    const mallory = new SmallLog();
    mallory.entries = log.entries.with(3, log.entries[3].replace("Water", "Waste"));
    const theirs = mallory.bundle(stream, content);
    theirs.content = structuredClone(content);
    theirs.content.proposal.facts["e-3"].data.title = "Waste";
    assert.equal(check(theirs).isPinned, false, "it is consistent in itself");
    assert.throws(() => check(theirs, log.key), /not the one that you trust/);
    assert.throws(() => check({ ...theirs, key: log.key }, log.key), /not signed by this key/);
    assert.throws(() => check({ ...bundle, checkpoint: theirs.checkpoint }, log.key), /not signed by this key/);
  });

  test("does not hold with another checkpoint than that of its size", () => {
    assert.throws(() => check({ ...bundle, checkpoint: log.checkpoint(7) }, log.key), /the checkpoint is of 7 events/);
    assert.throws(() => check({ ...bundle, checkpoint: bundle.checkpoint.replace(`\n${log.entries.length}\n`, "\n7\n") }, log.key), /signature is false/);
    assert.throws(() => check({ ...bundle, origin: "another.test/log" }, log.key), /of the log/);
    assert.throws(() => check({ ...bundle, size: bundle.size + 1 }, log.key), Untrue);
  });

  test("does not hold when the content is not what the events say", () => {
    const bent = (change) => { const other = copy(bundle); change(other.content); return () => check(other, log.key); };
    assert.throws(bent(({ texts }) => { texts.needs.content[0].insert = "Насосы"; }), /"needs" does not read/);
    assert.throws(bent(({ texts }) => { texts.needs.content[1].attributes = {}; }), /"needs" does not read/);
    assert.throws(bent(({ texts }) => { texts.needs.revision = 3; }), /revision 3, its events reach 4/);
    assert.throws(bent(({ texts }) => { delete texts.needs; }), Untrue);
    assert.throws(bent(({ texts }) => { texts.risks = { revision: 1, content: [{ insert: "None\n" }] }; }), /"risks"/);
    const isCaught = (name, change) => assert.throws(bent(({ proposal }) => change(proposal)), new RegExp(`"${name}" of the proposal is not what its events say`));
    isCaught("title", (one) => { one.title = "Dirty water"; });
    isCaught("summary", (one) => { one.summary = "Old"; });
    isCaught("sectors", (one) => { one.sectors = ["health"]; });
    isCaught("partners/EU2", (one) => { one.partners.EU2 = { order: 3, side: "eu" }; });
    isCaught("partners/EU1", (one) => { one.partners.EU1.side = "ua"; });
    isCaught("budget/b-1", (one) => { one.budget["b-1"].amount += 1; });
    isCaught("budget/b-1", (one) => { one.budget["b-1"].actor = "u-mallory"; });
    isCaught("budget/b-1", (one) => { one.budget["b-1"].at = stamp(9).at; });
    isCaught("budget/b-1", (one) => { one.budget["b-1"].order = 8; });
    isCaught("budget/b-2", (one) => { one.budget["b-2"] = one.budget["b-1"]; });
    isCaught("sources/s-1", (one) => { delete one.sources["s-1"]; });
    isCaught("indicators/i-1", (one) => { one.indicators["i-1"].target = 8; });
    isCaught("totals/EUR", (one) => { one.totals.EUR.gap = 1; });
    isCaught("totals", (one) => { delete one.totals; });
    isCaught("approval", (one) => { one.approval = { version: 1, asked_by: "u-4c1", asked_side: "ua", at: stamp(9).at, content_hash: "00", approved: {} }; });
    isCaught("status", (one) => { one.status = "approved"; });
    isCaught("locked", (one) => { one.locked = true; });
    isCaught("facts/e-3", (one) => { one.facts["e-3"].actor = "u-mallory"; });
    isCaught("created/actor", (one) => { one.created.actor = "u-mallory"; });
    isCaught("missing", (one) => { one.missing = []; });
    isCaught("invented", (one) => { one.invented = "more"; });
  });

  test("is refused when it holds what nobody knows, or a name twice", () => {
    const refused = (text, why) => assert.throws(() => verifyBundle(text, log.key), (error) => error instanceof Unreadable && why.test(error.message), text.slice(0, 80));
    for (const add of [(one) => { one.note = ""; }, (one) => { one.events[3].type = "x"; }, (one) => { one.content.status = "approved"; }, (one) => { one.content.texts.needs.author = "u-1"; }]) {
      const more = copy(bundle);
      add(more);
      refused(JSON.stringify(more), /nobody knows/);
    }
    const text = JSON.stringify(bundle);
    refused(text.replace('{"format"', '{"stream":"proposal/p-2","format"'), /"stream" stands twice/);
    refused(text.replace('"title":"Clean water"', '"title":"Free money","\\u0074itle":"Clean water"'), /"title" stands twice/);
  });

  test("is not taken for one when it is something else", () => {
    for (const text of ["", "[]", "{}", JSON.stringify({ ...bundle, format: "mosty.evidence.v2" }), JSON.stringify({ ...bundle, nodes: ["short"] }), JSON.stringify({ ...bundle, size: -1 }), JSON.stringify({ ...bundle, content: null })]) {
      assert.throws(() => verifyBundle(text), Unreadable, text.slice(0, 60));
    }
    assert.throws(() => check(bundle, "no key"), Unreadable);
    assert.throws(() => check(bundle, log.key.replace(/\+[0-9a-f]{8}\+/, "+00000000+")), Unreadable);
  });
});

suite("a bundle whose texts are sealed", () => {
  const first = { name: "k-first", bytes: Buffer.alloc(32, 1) }, second = { name: "k-second", bytes: Buffer.alloc(32, 2) };
  const proposal = {
    id: "p-1", revision: 1, created: stamp(0, true), changed: stamp(0, true), ...begun,
    facts: { "e-0": { order: 0, type: "proposal.drafted", ...stamp(0), data: drafted } }, texts: { needs: "written" }, missing: ["summary", "budget", ...unwritten],
  };
  const edit = (sequence, insert) => ({ client: "k-1", sequence, base: sequence - 1, change: [{ insert }] });
  const log = new SmallLog();
  log.add(stream, "proposal.drafted", drafted);
  log.add(needs, "text.edited", edit(1, "Вулиця Садова 14"), first);
  log.add(needs, "text.edited", edit(2, "Ein "), first);
  const before = log.bundle(stream, { proposal, texts: { needs: { revision: 2, content: [{ insert: "Ein Вулиця Садова 14\n" }] } } });
  log.add(needs, "text.redacted", { reason: "a private address" });
  log.add(needs, "text.restored", { revision: 3, change: [{ insert: "Ein Haus\n" }, { delete: 1 }] }, second);
  const after = log.bundle(stream, { proposal, texts: { needs: { revision: 4, content: [{ insert: "Ein Haus\n" }] } } });
  const key = ({ bytes }) => bytes.toString("base64");

  test("opens with the keys that it brings along", () => {
    assert.deepEqual(check({ ...before, keys: { "k-first": key(first) } }, log.key).texts, [{ section: "needs", revision: 2, units: 20 }]);
    assert.doesNotMatch(before.events[1].entry, /00112233|Садова/);
  });

  test("reads on where something was forgotten for ever, and says so", () => {
    assert.deepEqual(check({ ...after, keys: { "k-first": null, "k-second": key(second) } }, log.key).texts, [{ section: "needs", revision: 4, forgotten: 2, units: 8 }]);
    check({ ...after, keys: { "k-first": key(first), "k-second": key(second) } }, log.key);
  });

  test("does not hold without its keys, or with others", () => {
    assert.throws(() => check(before, log.key), /sealed under k-first, a key that the bundle does not bring along/);
    assert.throws(() => check({ ...before, keys: { "k-first": key(second) } }, log.key), /does not open under k-first/);
    assert.throws(() => check({ ...before, keys: { "k-first": null } }, log.key), /does not read as its events make it/);
    for (const keys of [[], "k", { "k-first": "short" }, { "k-first": 1 }]) assert.throws(() => check({ ...before, keys }, log.key), Unreadable);
  });

  test("opens the entries that the server's own tests hold fast", () => {
    for (const [type, name] of [["person.registered", "Олена Коваль"], ["text.edited", undefined]]) {
      const read = (folder) => readFileSync(new URL(`../../tests/vectors/${folder}/${type}.v1.json`, import.meta.url), "utf8");
      const golden = Buffer.from("0123456789abcdef0123456789abcdef");
      const data = dataOf(JSON.parse(read("sealed")), read("sealed"), new Map([["k-abcdefghijklmnopqrstuvwxyz", golden]]), 0);
      assert.deepEqual(data, JSON.parse(read("events")).data);
      if (name) assert.equal(data.name, name);
    }
  });
});

suite("a change of a text", () => {
  test("inserts, retains with attributes and deletes by UTF-16 units", () => {
    assert.deepEqual(apply([{ insert: "a🌉b\n" }], [{ retain: 1 }, { delete: 2 }, { insert: "é", attributes: { bold: true } }, { retain: 1, attributes: { italic: true } }]),
      [{ insert: "a" }, { insert: "é", attributes: { bold: true } }, { insert: "b", attributes: { italic: true } }, { insert: "\n" }]);
    assert.deepEqual(apply([{ insert: "ab", attributes: { bold: true } }, { insert: "\n" }], [{ retain: 1, attributes: { bold: null } }]),
      [{ insert: "a" }, { insert: "b", attributes: { bold: true } }, { insert: "\n" }]);
    assert.deepEqual(apply([{ insert: "\n" }], []), [{ insert: "\n" }]);
  });

  test("is refused where it does not fit", () => {
    for (const change of [[{ retain: 3 }], [{ delete: 2 }], [{}], [{ retain: -1 }], "x", undefined]) assert.throws(() => apply([{ insert: "\n" }], change), Untrue);
  });
});

suite("the command", () => {
  const folder = mkdtempSync(join(tmpdir(), "mosty-bundle-"));
  after(() => rmSync(folder, { recursive: true }));
  const { log, bundle } = scene();
  const file = (name, value) => {
    const path = join(folder, name);
    writeFileSync(path, typeof value === "string" ? value : JSON.stringify(value));
    return path;
  };
  const run = (...args) => spawnSync(process.execPath, [new URL("verify-bundle.mjs", import.meta.url).pathname, ...args], { encoding: "utf8" });

  test("says what is proven and what is not, and ends with 0", () => {
    const pinned = run(file("good.json", bundle), "--key", log.key);
    assert.equal(pinned.status, 0, pinned.stderr);
    assert.match(pinned.stdout, /^VERIFIED {2}proposal\/p-1, as of 21 events of the log mosty\.test\/log, signed at 21/);
    assert.match(pinned.stdout, /proposal\/p-1: revisions 1 to 8/);
    assert.match(pinned.stdout, /Not proven:\n {2}that the streams had no later revision/);
    assert.doesNotMatch(pinned.stdout, /whose key/);
    const unpinned = run(file("good.json", bundle));
    assert.equal(unpinned.status, 0);
    assert.match(unpinned.stdout, /whose key this is: it came with the bundle/);
  });

  test("says what does not hold, and ends with 1", () => {
    const bent = run(file("bent.json", { ...bundle, events: bundle.events.slice(1) }), "--key", log.key);
    assert.equal(bent.status, 1);
    assert.match(bent.stderr, /^NOT VERIFIED/);
    assert.equal(bent.stdout, "");
  });

  test("says what could not be checked, and ends with 2", () => {
    for (const args of [[], ["a", "b"], [join(folder, "nowhere.json")], [file("no.json", "no")], ["--wrong"], [file("good.json", bundle), "--key", "x"]]) {
      const answer = run(...args);
      assert.equal(answer.status, 2, args.join(" "));
      assert.equal(answer.stdout, "");
    }
  });
});
