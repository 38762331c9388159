import { expect, it, vi } from "vitest";
import { memoryPins, TestLog } from "../testing/log";
import { toBase64, utf8 } from "./bytes";
import { checkpointFrom } from "./checkpoint";
import { entriesIn } from "../entries";
import { checkEvents, gapsIn } from "./events";
import { checkHead, type Good, type Head } from "./head";
import { keyFrom, noteFrom, signedBy } from "./note";
import { localPins } from "./pin";
import { proofsOver } from "./source";

const now = () => new Date("2026-11-26T10:00:00Z");
const entries = Array.from({ length: 20 }, (_, index) => `{"id":"e-${index}"}`);
const good = (head: Head): Good => {
  expect(head).toMatchObject({ state: "good" });
  return head as Good;
};

// The example of golang.org/x/mod/sumdb/note.
const example = {
  key: "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
  note: "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    + "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n",
};

it("reads keys, and refuses what is none", async () => {
  const log = await TestLog.begin();
  const text = await log.vkey();
  expect(await keyFrom(`${text}\n`)).toMatchObject({ name: "mosty.test/log" });
  const [name, id, key] = text.split(/\+(.*?)\+/) as [string, string, string];
  for (const bad of [
    "", name, `${name}+${id}`, `${name}+00000000+${key}`, `other+${id}+${key}`, `a b+${id}+${key}`,
    `${name}+${id}+${key.slice(0, -4)}`, `${name}+${id.toUpperCase()}x+${key}`, `${name}+${id}+${toBase64(utf8("\u0004" + "k".repeat(32)))}`,
  ]) expect(await keyFrom(bad), bad).toBeUndefined();
});

it("verifies a note that another program signed, and not once a letter differs", async () => {
  const key = (await keyFrom(example.key))!;
  expect(await signedBy(noteFrom(example.note)!, key)).toBe("signed");
  expect(await signedBy(noteFrom(example.note.replace("your problem,", "our problem,"))!, key)).toBe("forged");
});

it("reads signed notes, and refuses what is none", async () => {
  const log = await TestLog.begin("mosty.test/log", entries);
  const note = await log.signed();
  expect(checkpointFrom(note)).toMatchObject({ origin: "mosty.test/log", size: 20 });
  for (const bad of [
    "", note.slice(0, -1), note.replace("\n\n", "\n"), note.replace("\u2014", "-"), note.replace("\n20\n", "\n020\n"), note.replace("\n20\n", "\n-1\n"),
    note.replace("\n20\n", "\n99999999999999999999\n"), note.replace("mosty.test/log\n", "\n"), `${note}\u2014 x\n`, note.replace("\n", "\r\n"),
  ]) expect(checkpointFrom(bad), JSON.stringify(bad)).toBeUndefined();
});

it("ignores foreign signatures beside the one it knows", async () => {
  const [log, other] = [await TestLog.begin("mosty.test/log", entries), await TestLog.begin("witness.test")];
  const own = await log.signed();
  const text = own.slice(0, own.indexOf("\n\n") + 1);
  const theirs = (await other.sign(text)).slice(text.length + 1);
  const key = (await keyFrom(await log.vkey()))!;
  expect(await signedBy(noteFrom(own + theirs)!, key)).toBe("signed");
  expect(await signedBy(noteFrom(`${text}\n${theirs}`)!, key)).toBe("unsigned");
  const spoiled = own.replace(/(.{8})=\n$/, (_, last: string) => `${last === "AAAAAAAA" ? "BBBBBBBB" : "AAAAAAAA"}=\n`);
  const note = noteFrom(spoiled);
  if (note) expect(await signedBy(note, key)).toBe("forged");
});

it("trusts what it sees first, and from then on only what grew out of it", async () => {
  const log = await TestLog.begin("mosty.test/log", entries);
  const pins = memoryPins();
  expect(good(await checkHead(log, pins, now))).toMatchObject({ first: true, before: undefined, kept: true, checkpoint: { size: 20 } });
  log.entries.push("more", "and more");
  expect(good(await checkHead(log, pins, now))).toMatchObject({ first: false, before: 20, checkpoint: { size: 22 } });
  expect(good(await checkHead(log, pins, now))).toMatchObject({ before: 22, checkpoint: { size: 22 } });

  const kept = pins.kept;
  const alarms: readonly (readonly [string, TestLog])[] = [
    ["rewritten", log.fork(["other", ...log.entries.slice(1), "new"])], // another past
    ["rewritten", log.fork([...log.entries.slice(0, -1), "other"])], // another end
    ["shrunk", log.fork(log.entries.slice(0, 21))],
    ["key_changed", await TestLog.begin("mosty.test/log", log.entries)],
    ["key_changed", await TestLog.begin("other.test/log", log.entries)],
  ];
  for (const [kind, liar] of alarms) expect(await checkHead(liar, pins, now), kind).toMatchObject({ state: "alarm", why: { kind } });
  expect(pins.kept, "an alarm changes nothing that is remembered").toBe(kept);
});

it("is not taken in by answers bent on their way", async () => {
  const log = await TestLog.begin("mosty.test/log", entries);
  const pins = memoryPins();
  await checkHead(log, pins, now);
  log.entries.push("more");
  const mallory = await TestLog.begin("mosty.test/log", log.entries);
  const theirs = await mallory.signed();
  const root = (await log.signed()).split("\n")[2]!;
  const cases: readonly (readonly [string, TestLog["bend"]])[] = [
    ["unsigned", { checkpoint: () => theirs }],
    ["forged", { checkpoint: (text) => text.replace("\n21\n", "\n22\n") }],
    ["forged", { checkpoint: (text) => text.replace(root, toBase64(new Uint8Array(32))) }],
    ["bad_checkpoint", { checkpoint: () => "<html></html>" }],
    ["key_changed", { key: () => "nonsense" }],
    ["rewritten", { hash: (hash) => { const bent = hash.slice(); bent[0]! ^= 1; return bent; } }],
  ];
  for (const [kind, bend] of cases) {
    log.bend = bend;
    expect(await checkHead(log, pins, now), kind).toMatchObject({ state: "alarm", why: { kind } });
  }
  log.bend = {};
  good(await checkHead(log, pins, now));
});

it("tells another log under a key's name from the log of that name", async () => {
  const log = await TestLog.begin("mosty.test/log", entries);
  const text = await log.sign(`another.test/log\n1\n${toBase64(new Uint8Array(32))}\n`);
  log.bend = { checkpoint: () => text };
  expect(await checkHead(log, memoryPins(), now)).toMatchObject({ state: "alarm", why: { kind: "other_log", offered: "another.test/log" } });
});

it("accuses nobody when it cannot reach the server", async () => {
  const log = await TestLog.begin("mosty.test/log", entries);
  log.bend = { cut: true };
  expect(await checkHead(log, memoryPins(), now)).toMatchObject({ state: "blocked", why: { kind: "unreachable" } });
});

it("says so where the browser offers no cryptography", async () => {
  const log = await TestLog.begin("mosty.test/log", entries);
  const pins = memoryPins();
  vi.stubGlobal("crypto", {}); // as on a page that came over plain HTTP
  try {
    expect(await checkHead(log, pins, now)).toEqual({ state: "blocked", why: { kind: "no_crypto" } });
  } finally {
    vi.unstubAllGlobals();
  }
  expect(pins.kept).toBeUndefined();
});

it.each(["one by one", "many together"])("finds the very events that are not what was signed, %s", async (how) => {
  const log = await TestLog.begin("mosty.test/log", entries);
  const { checkpoint } = good(await checkHead(log, memoryPins(), now));
  const shown = entries.map((entry, position) => ({ position, entry }));
  const told: number[] = [];
  const all = await checkEvents(shown, checkpoint, log, { told: (done) => told.push(done) });
  expect(all.map(({ position, state }) => [position, state])).toEqual(shown.map(({ position }) => [position, "included"]));
  expect(told).toEqual(shown.map((_, index) => index + 1));

  // Among many they are proven by tiles, alone each by a proof of its own.
  const among = how === "one by one" ? [] : shown.filter(({ position }) => position >= 10 && position < 20).flatMap((one) => [one, one]);
  const states = async (events: typeof shown) => (await checkEvents([...events, ...among], checkpoint, log)).slice(0, events.length).map(({ state }) => state);
  expect(await states([shown[3]!])).toEqual(["included"]);
  expect(await states([{ position: 3, entry: entries[3]!.replace("3", "4") }])).toEqual(["other_bytes"]);
  expect(await states([{ position: 4, entry: entries[3]! }, { position: 3, entry: entries[4]! }])).toEqual(["other_bytes", "other_bytes"]);
  expect(await states([{ position: 20, entry: "new" }])).toEqual(["newer"]);
  log.bend = { hash: (hash) => { const bent = hash.slice(); bent[31]! ^= 128; return bent; } };
  expect(await states([{ position: 5, entry: entries[5]! }])).toEqual(["bad_proof"]);
  log.bend = { cut: true };
  expect(await states([{ position: 5, entry: entries[5]! }])).toEqual(["no_proof"]);
});

it("stops when it is told to", async () => {
  const log = await TestLog.begin("mosty.test/log", entries);
  const { checkpoint } = good(await checkHead(log, memoryPins(), now));
  const stop = new AbortController();
  const some = await checkEvents(entries.map((entry, position) => ({ position, entry })), checkpoint, log, { signal: stop.signal, told: (done) => { if (done === 3) stop.abort(); } });
  expect(some.length).toBeGreaterThanOrEqual(3);
  expect(some.length).toBeLessThan(20);
});

it("misses no event of a stream", () => {
  const event = (position: number, stream: string, revision: number) => ({ position, stream, revision });
  const whole = [event(9, "b", 2), event(0, "a", 1), event(4, "a", 2), event(5, "b", 1)];
  expect(gapsIn(whole)).toEqual([]);
  expect(gapsIn(whole.filter(({ position }) => position !== 4))).toEqual([]); // the end of a stream may always be missing
  expect(gapsIn(whole.filter(({ position }) => position !== 5))).toEqual([{ stream: "b", revision: 1 }]);
  expect(gapsIn([...whole, event(11, "a", 4)])).toEqual([{ stream: "a", revision: 3 }]);
  expect(gapsIn([event(1, "a", 2), event(2, "a", 1)])).toEqual([{ stream: "a", revision: 1 }]);
});

it("cuts the stored bytes out of an answer, whatever they hold", () => {
  const stored = [String.raw`{"id":"e","data":{"text":"} ] \" \\","n":[1,{"a":[]}],"u":"é 🌉 \u0041"}}`, `{ "id" : "spaced" , "data":{} }`, "{}"];
  const answer = `{ "size":9, "other":["x",{"events":1}], "events":[ ${stored.map((entry, index) => `{"position":${index * 7},"event":${entry}}`).join(" , ")} ],"next":3}`;
  expect(JSON.parse(answer)).toBeTruthy();
  expect(entriesIn(answer)).toEqual(stored.map((entry, index) => ({ position: index * 7, entry })));
  expect(entriesIn(`{"events":[{"position":1,"event":{"a":"}"},"opened":{"b":[1]}},{"position":2,"event":{},"opened":null}]}`))
    .toEqual([{ position: 1, entry: `{"a":"}"}`, opened: `{"b":[1]}` }, { position: 2, entry: "{}", opened: "null" }]);
  expect(entriesIn(`{"events":[]}`)).toEqual([]);
  expect(entriesIn(`[1]`)).toEqual([]);
});

it("asks over HTTP, and takes only answers to its own question", async () => {
  const log = await TestLog.begin("mosty.test/log", entries);
  const inclusion = await log.inclusion(3, 20);
  const proof = inclusion.ok ? inclusion.value : undefined;
  const answers: Record<string, [number, string]> = {
    "/checkpoint": [200, await log.signed()], "/v1/log/key": [200, `${await log.vkey()}\n`],
    "/v1/proofs/inclusion?position=3&size=20": [200, JSON.stringify({ position: 3, size: 20, leaf: toBase64(proof!.leaf), proof: proof!.proof.map(toBase64) })],
    "/v1/proofs/inclusion?position=4&size=20": [200, JSON.stringify({ position: 3, size: 20, leaf: toBase64(proof!.leaf), proof: [] })],
    "/v1/proofs/consistency?from=1&to=20": [200, `{"from":1,"to":20,"proof":["short"]}`],
    "/v1/proofs/consistency?from=2&to=20": [404, `{"code":"not_found"}`],
  };
  const source = proofsOver(async (url) => {
    const [status, body] = answers[url] ?? [500, ""];
    return new Response(body, { status });
  });
  good(await checkHead(source, memoryPins(), now));
  expect(await source.inclusion(3, 20)).toEqual(inclusion);
  for (const answer of [await source.inclusion(4, 20), await source.consistency(1, 20), await source.consistency(2, 20)]) expect(answer.ok).toBe(false);
});

it("remembers on the device, and takes closed storage for none", () => {
  const kept = new Map<string, string>();
  const storage = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => { kept.set(key, value); }, removeItem: (key: string) => { kept.delete(key); } } as unknown as Storage;
  const pins = localPins(() => storage);
  const pin = { key: "k", since: "s", checkpoint: "c", checked: "n" };
  expect(pins.load()).toBeUndefined();
  expect(pins.save(pin)).toBe(true);
  expect(localPins(() => storage).load()).toEqual(pin);
  kept.set([...kept.keys()][0]!, `{"key":1}`);
  expect(pins.load()).toBeUndefined();
  const closed = localPins(() => { throw new Error("closed"); });
  expect(closed.load()).toBeUndefined();
  expect(closed.save(pin)).toBe(false);
});
