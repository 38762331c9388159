import { describe, expect, it } from "vitest";
import { read } from "../forms/fields";
import { me, proposal } from "../testing/entities";
import { en } from "../words/en";
import { assetFrom, assetText, keepsFor, linesOf, placeFrom, placeText, seers, sitesOf, viewOf, visibleTo, type SiteLine } from "./sites";
import { SiteActs } from "./site-acts";

const line = (part: Partial<SiteLine>): SiteLine => ({ order: "1", side: "ua", audience: "town", at: "", actor: "u-1", ...part });

describe("who sees a place", () => {
  it("is its own town, or both: whose people keep places are officers and mayors of the two", () => {
    expect(keepsFor(me("officer", "UA1"), proposal({}))).toBe("ua");
    expect(keepsFor(me("mayor", "EU1"), proposal({}))).toBe("eu");
    for (const role of ["secretariat", "auditor", "expert", "funder", "association", "service"] as const) {
      expect(keepsFor(me(role, "cemr"), proposal({}))).toBeUndefined();
    }
    expect(keepsFor(me("officer", "LT1"), proposal({}))).toBeUndefined();
  });

  it("is told by number, one audience after the other", () => {
    const lines = [line({}), line({ side: "eu" }), line({ side: "eu", audience: "partners" }), line({ audience: "partners" })];
    expect(seers(lines)).toEqual([{ view: "ua", count: 1 }, { view: "eu", count: 1 }, { view: "partners", count: 2 }]);
    expect(viewOf(line({ side: "eu" }))).toBe("eu");
    expect(visibleTo("ua", lines)).toEqual([lines[0], lines[2], lines[3]]);
    expect(visibleTo(undefined, lines)).toEqual([]);
  });

  it("is read from the topics in the order of recording", () => {
    expect(linesOf({ sites: { b: { order: "2" }, a: { order: "1" } } }).map(({ id }) => id)).toEqual(["a", "b"]);
    expect(linesOf(undefined)).toEqual([]);
    expect(sitesOf({ b: { order: "2" }, a: { order: "1" } }).map(({ id }) => id)).toEqual(["a", "b"]);
  });
});

describe("coordinates", () => {
  it("are read as maps write them, and nothing else is", () => {
    expect(placeFrom("50.21234, 29.89876")).toEqual({ lat_e5: 5_021_234, lon_e5: 2_989_876 });
    expect(placeFrom(" -0.5;-180 ")).toEqual({ lat_e5: -50_000, lon_e5: -18_000_000 });
    for (const other of ["", "50", "50,21234 29,89876", "91, 0", "0, 181", "50.2 N, 29 E", "50 29 1"]) expect(placeFrom(other)).toBeUndefined();
  });

  it("are written as they are read", () => {
    expect(placeText({ lat_e5: 5_021_234, lon_e5: 2_989_876 })).toBe("50.21234, 29.89876");
    expect(placeText({})).toBe("");
  });
});

describe("equipment", () => {
  it("is a line each, counted where there are several", () => {
    for (const sign of ["×", "x", "х", "*"]) expect(assetFrom(`3 ${sign} Насос`, "worn")).toEqual({ name: "Насос", count: 3, condition: "worn" });
    expect(assetFrom("0 × Насос", "worn")).toEqual({ name: "0 × Насос", condition: "worn" });
    expect(assetFrom("110 kV line", "working")).toEqual({ name: "110 kV line", condition: "working" });
    expect(assetText({ name: "Насос", count: 3, condition: "worn" })).toBe("3 × Насос");
  });
});

describe("a description", () => {
  const acts = new SiteActs("x-1", en, "Byshiv", "Tata");
  const act = acts.describe("s-1", "town", undefined);
  const written = (typed: Record<string, string>) => {
    const answer = read(act.fields, { name: "Station", kind: "bridge", ...typed }, en);
    if (!answer.ok) return answer.errors;
    const errors = act.check!(answer.data);
    return Object.keys(errors).length > 0 ? errors : act.shape!({ ...answer.data, ...act.also });
  };

  it("becomes the command's data, for the audience that the page showed", () => {
    expect(written({ place: "50.2, 29.9", worn: "3 × Pump\n\nRoof", destroyed: "Mast", serves: "4 200" })).toEqual({
      site: "s-1", audience: "town", name: "Station", kind: "bridge", lat_e5: 5_020_000, lon_e5: 2_990_000, serves: 4_200,
      assets: [{ name: "Pump", count: 3, condition: "worn" }, { name: "Roof", condition: "worn" }, { name: "Mast", condition: "destroyed" }],
    });
    expect(written({})).toEqual({ site: "s-1", audience: "town", name: "Station", kind: "bridge" });
  });

  it("names the field at fault", () => {
    expect(written({ place: "there" })).toHaveProperty("place");
    expect(written({ worn: "Pump\nPump" })).toHaveProperty("worn");
    expect(written({ worn: Array.from({ length: 12 }, (_, i) => `a${i}`).join("\n"), working: Array.from({ length: 12 }, (_, i) => `b${i}`).join("\n") })).toHaveProperty("working");
  });

  it("is typed again as it stands", () => {
    const site = { order: "1", side: "ua" as const, at: "", actor: "u-1", name: "Station", kind: "bridge" as const, lat_e5: 1, lon_e5: 2, assets: [{ name: "Pump", count: 2, condition: "worn" as const }] };
    expect(acts.describe("s-1", "town", site).typed).toMatchObject({ name: "Station", place: "0.00001, 0.00002", worn: "2 × Pump", working: "" });
  });

  it("is typed into fields of which no service on the network is asked how they are spelt", () => {
    expect(act.fields.filter(({ isPrivate }) => !isPrivate)).toEqual([]);
  });

  it("of a new place says in the clear that there is one, and nothing more, before it", () => {
    const { first, also, command } = acts.add("partners");
    expect(first).toEqual({ command: "record_site", data: { site: also!["site"], audience: "partners" } });
    expect(command).toBe("describe_site");
  });
});
