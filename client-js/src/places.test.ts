import { IDBFactory } from "fake-indexeddb";
import "fake-indexeddb/auto";
import type { DBSchema } from "idb";
import { describe, expect, it } from "vitest";
import { Places, type Ground } from "./places";
import { fakeBuckets } from "./testing/buckets";

interface Stored extends DBSchema {
  things: { key: string; value: string };
}

const locks = navigator.locks;

describe.each<[string, () => Ground]>([
  ["databases", () => ({ databases: new IDBFactory(), locks })],
  ["buckets", () => ({ databases: new IDBFactory(), buckets: fakeBuckets(), locks })],
])("a person's place, made of %s", (_name, make) => {
  const open = async (places: Places, actor: string, gone: () => void = () => {}) =>
    places.open<Stored>(await places.of(actor), "mosty-things", ["things"], gone);
  const put = async (places: Places, actor: string, value: string) => {
    const { database, close } = await open(places, actor);
    await database.put("things", value, "it");
    close();
  };
  const look = async (places: Places, actor: string) => {
    const { database, close } = await open(places, actor);
    const value = await database.get("things", "it");
    close();
    return value;
  };

  it("is destroyed whole, and no other with it", async () => {
    const places = new Places(make());
    for (const actor of ["u-1", "U_2"]) await put(places, actor, `of ${actor}`);
    expect((await places.all()).length).toBe(2);
    await places.destroy(await places.of("u-1"));
    expect(await places.all()).toEqual([await places.of("U_2")]);
    expect(await look(places, "u-1")).toBeUndefined();
    expect(await look(places, "U_2")).toBe("of U_2");
  });

  it("tells whoever has it open when it is closed, and is not destroyed before", async () => {
    const places = new Places(make());
    const told: string[] = [];
    const { database } = await open(places, "u-1", () => { told.push("gone"); });
    await database.put("things", "a", "it");
    await expect(places.destroy(await places.of("u-1"))).rejects.toThrow();
    expect(await database.get("things", "it")).toBe("a");
    places.close(await places.of("u-1"));
    await places.destroy(await places.of("u-1"));
    expect(told).toEqual(["gone"]);
    await expect(database.put("things", "b", "it")).rejects.toThrow();
  });

  it("is not destroyed while another page goes on using it", async () => {
    const ground = make();
    const [here, there] = [new Places(ground), new Places(ground)];
    const { database } = await open(there, "u-1");
    await database.put("things", "unsent", "it");
    await expect(here.destroy(await here.of("u-1"))).rejects.toThrow();
    expect(await database.get("things", "it")).toBe("unsent");
    there.close(await there.of("u-1"));
    await here.destroy(await here.of("u-1"));
    expect(await here.all()).toEqual([]);
  });

  it("begins anew for whoever opens it after that was asked for", async () => {
    const ground = make();
    const [here, there] = [new Places(ground), new Places(ground)];
    await put(here, "u-1", "old");
    const { close } = await open(there, "u-1");
    const destroying = here.destroy(await here.of("u-1"));
    await new Promise((resolve) => setTimeout(resolve, 20));
    const opening = open(here, "u-1");
    await new Promise((resolve) => setTimeout(resolve, 20));
    close();
    await destroying;
    const { database } = await opening;
    expect(await database.get("things", "it")).toBeUndefined();
    await database.put("things", "new", "it");
    expect(await database.get("things", "it")).toBe("new");
  });
});
