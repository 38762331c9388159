import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../json";
import { joinBytes, toBase64, utf8, type Bytes } from "./bytes";
import { keys_at_once, openSealed, type KeySource, type ShownEvent } from "./opening";
import { proofsOver } from "./source";

const vector = (folder: string, type: string) => readFileSync(new URL(`../../../tests/vectors/${folder}/${type}.v1.json`, import.meta.url), "utf8");
const golden = "k-abcdefghijklmnopqrstuvwxyz";
const golden_key = utf8("0123456789abcdef0123456789abcdef");

// Gives these keys, and remembers what it was asked for.
class Keys implements KeySource {
  readonly asked: (readonly string[])[] = [];
  constructor(readonly held: Readonly<Record<string, Bytes | null>>, readonly isCut = false) {}

  keys(names: readonly string[]) {
    this.asked.push(names);
    const found = new Map(names.flatMap((name) => name in this.held ? [[name, this.held[name]!] as const] : []));
    return Promise.resolve(this.isCut ? { ok: false as const, detail: "/v1/keys" } : { ok: true as const, value: found });
  }
}

async function seal(key: Bytes, name: string, data: JsonObject, position: number): Promise<string> {
  const bound = `{"id":"e-${position}","datacontenttype":"application/vnd.mosty.sealed+json","data":{"key":"${name}","sealed":"`;
  const iv = new Uint8Array(12).fill(position);
  const imported = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt"]);
  const plain = utf8(JSON.stringify({ commandhash: "00", data }));
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: utf8(bound) }, imported, plain));
  return `${bound}${toBase64(joinBytes(iv, sealed))}"}}`;
}

const stream = "text/proposal/p-1/needs";
const shown = (entry: string, data: JsonObject, position = 0): ShownEvent => ({ position, stream, entry, data });
const stateOf = async (event: ShownEvent, source: KeySource) => (await openSealed([event], source)).get(event.position)?.state;

describe("the server's own sealed entries", () => {
  const keys = new Keys({ [golden]: golden_key });
  it.each(["person.registered", "text.edited"])("open with their key: %s", async (type) => {
    const { data } = JSON.parse(vector("events", type)) as { data: JsonObject };
    expect(await stateOf(shown(vector("sealed", type).trim(), data), keys)).toBe("agrees");
    expect(await stateOf(shown(vector("sealed", type).trim(), { ...data, name: "Somebody else" }), keys)).toBe("other_words");
  });
});

describe("a sealed entry", async () => {
  const key = new Uint8Array(32).fill(1);
  const data = { thread: "t-1", body: "Чому?" };
  const entry = await seal(key, "k-1", data, 1);
  const keys = new Keys({ "k-1": key });

  it("says what is shown, or its words were changed", async () => {
    expect(await stateOf(shown(entry, data), keys)).toBe("agrees");
    expect(await stateOf(shown(entry, { body: "Чому?", thread: "t-1" }), keys), "the order of members is nobody's").toBe("agrees");
    for (const other of [{ ...data, body: "Гаразд." }, { thread: "t-1" }, { ...data, more: 1 }, {}]) expect(await stateOf(shown(entry, other), keys)).toBe("other_words");
  });

  it("opens under its own key and at its own place alone", async () => {
    expect(await stateOf(shown(entry, data), new Keys({ "k-1": new Uint8Array(32) }))).toBe("bad_key");
    expect(await stateOf(shown(entry, data), new Keys({ "k-1": new Uint8Array(7) }))).toBe("bad_key");
    expect(await stateOf(shown(entry.replace("e-1", "e-2"), data), keys)).toBe("bad_key");
    expect(await stateOf(shown(entry.replace(/.(.{8}"\}\})$/, "A$1"), data), keys)).toBe("bad_key");
    expect(await stateOf(shown(entry.replace(/"sealed":"[^"]+"/, '"sealed":"short"'), data), keys)).toBe("bad_key");
  });

  it("of which the key is destroyed shows nothing, and is told so", async () => {
    const gone = new Keys({ "k-1": null });
    expect(await stateOf(shown(entry, {}), gone)).toBe("destroyed");
    expect(await stateOf(shown(entry, data), gone), "nobody can know its words").toBe("other_words");
  });

  it("that is for others shows nothing; what is shown without a key is unproven", async () => {
    expect(await stateOf(shown(entry, {}), new Keys({}))).toBe("closed");
    expect((await openSealed([shown(entry, data)], new Keys({ "k-1": key }, true))).get(0)).toEqual({ position: 0, stream, key: "k-1", state: "no_key", detail: "/v1/keys" });
  });

  it("is asked for with all others, each key once, up to a bound at a time", async () => {
    const many = await Promise.all(Array.from({ length: 150 }, async (_, index) => shown(await seal(key, `k-${index % 100}`, data, index), data, index)));
    const all = new Keys(Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`k-${index}`, key])));
    const openings = await openSealed(many, all);
    expect([...openings.values()].every(({ state }) => state === "agrees")).toBe(true);
    expect(openings.size).toBe(150);
    expect(all.asked.map((names) => names.length)).toEqual([keys_at_once, 100 - keys_at_once]);
  });
});

it("an entry in the clear needs no key", async () => {
  const keys = new Keys({});
  expect((await openSealed([shown('{"id":"e-1","datacontenttype":"application/json","data":{"title":"Water"}}', { title: "Water" })], keys)).size).toBe(0);
  expect(keys.asked).toEqual([]);
});

it("keys are asked for by name, and an answer that is none is no key", async () => {
  const asked: string[] = [];
  const over = (body: string, status = 200) => proofsOver((url) => { asked.push(url); return Promise.resolve(new Response(body, { status })); });
  const coded = toBase64(golden_key);
  expect(await over(`{"keys":{"k-1":"${coded}","k-2":null}}`).keys(["k-1", "k-2", "k-3"])).toEqual({ ok: true, value: new Map([["k-1", golden_key], ["k-2", null]]) });
  expect(asked).toEqual(["/v1/keys?name=k-1,k-2,k-3"]);
  for (const body of ["", "[]", "{}", '{"keys":[]}', '{"keys":{"k-1":7}}', '{"keys":{"k-1":"*"}}']) expect(await over(body).keys(["k-1"])).toEqual({ ok: false, detail: "/v1/keys?name=k-1" });
  expect(await over("{}", 403).keys(["k-1"])).toEqual({ ok: false, detail: "/v1/keys?name=k-1: 403" });
});
