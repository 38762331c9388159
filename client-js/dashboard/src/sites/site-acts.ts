import type { Json, JsonObject } from "../../../src/index";
import { optionsOf, type Act } from "../forms/acts";
import type { Errors, Field, Typed } from "../forms/fields";
import { newId } from "../forms/proposal-acts";
import type { Words } from "../words/en";
import { asset_name_max, assetFrom, assets_max, assetText, conditions, placeFrom, placeText, sitesTopic, type Audience, type Site } from "./sites";

// The acts on places of critical infrastructure. Each says who sees what is written.
export class SiteActs {
  readonly stream: string;

  constructor(proposal: string, readonly t: Words, readonly own: string, readonly other: string) {
    this.stream = sitesTopic(proposal);
  }

  // Recorded in the clear first, that there is one; then what it is, which is sealed.
  add(audience: Audience): Act {
    const site = newId("s");
    return { ...this.describe(site, audience, undefined), title: this.t.sites.addTitle, first: { command: "record_site", data: { site, audience } } };
  }

  describe(id: string, audience: Audience, site: Site | undefined): Act {
    const { t } = this;
    return {
      stream: this.stream, command: "describe_site", title: t.sites.editTitle, help: this.#seenBy(audience), confirm: t.common.save,
      fields: this.#fields(), typed: site ? typedFrom(site) : {}, also: { site: id, audience },
      shape: shaped, check: (data) => this.#check(data),
    };
  }

  share(id: string, name: string): Act {
    const { t } = this;
    return { stream: this.stream, command: "share_site", title: t.sites.shareTitle(name), help: t.sites.shareHelp(this.own, this.other), confirm: t.sites.share, fields: [], also: { site: id } };
  }

  withdraw(id: string, name: string): Act {
    const { t } = this;
    return { stream: this.stream, command: "withdraw_site", title: t.sites.withdrawTitle(name), help: t.sites.withdrawHelp(this.own, this.other), confirm: t.sites.withdraw, fields: [], also: { site: id } };
  }

  remove(id: string, name: string): Act {
    const { t } = this;
    return { stream: this.stream, command: "remove_site", title: t.sites.removeTitle(name), help: t.sites.removeHelp, confirm: t.common.remove, fields: [], also: { site: id } };
  }

  erase(id: string, name: string): Act {
    const { t } = this;
    return { stream: this.stream, command: "erase_site", title: t.sites.eraseTitle(name), help: t.sites.eraseHelp, confirm: t.sites.erase, grave: true, fields: [], also: { site: id } };
  }

  #seenBy(audience: Audience): string {
    const { t } = this;
    return audience === "town" ? t.sites.seenByTown(this.own) : t.sites.seenByBoth(this.own, this.other);
  }

  // Names and addresses leave this page for nobody but the server, not even to be looked up in a dictionary.
  #fields(): readonly Field[] {
    const { t } = this;
    const fields: readonly Field[] = [
      { kind: "text", name: "name", label: t.sites.name, max: 200 },
      { kind: "choice", name: "kind", label: t.sites.kind, options: optionsOf(t.sites.kinds) },
      { kind: "text", name: "address", label: t.sites.address, max: 300, optional: true },
      { kind: "text", name: "place", label: t.sites.place, hint: t.sites.placeHint, max: 60, optional: true },
      { kind: "count", name: "serves", label: t.sites.serves, optional: true },
      ...conditions.map((condition): Field => ({
        kind: "lines", name: condition, label: t.sites.assetsThat[condition], hint: t.sites.assetsHint, max: assets_max, line_max: asset_name_max, optional: true,
      })),
      { kind: "text", name: "note", label: t.sites.note, max: 1_000, rows: 3, optional: true },
    ];
    return fields.map((field) => ({ ...field, isPrivate: true }));
  }

  #check(data: JsonObject): Errors {
    const { t } = this;
    const { place } = data;
    const assets = assetsIn(data);
    if (typeof place === "string" && !placeFrom(place)) return { place: t.sites.badPlace };
    if (assets.length > assets_max) return { working: t.sites.tooManyAssets(assets_max) };
    const twice = assets.find((one, index) => assets.findIndex((other) => JSON.stringify(other) === JSON.stringify(one)) !== index);
    return twice ? { [twice.condition]: t.sites.assetTwice(assetText(twice)) } : {};
  }
}

function assetsIn(data: JsonObject) {
  return conditions.flatMap((condition) => {
    const lines = data[condition];
    return Array.isArray(lines) ? lines.map((line) => assetFrom(String(line), condition)) : [];
  });
}

// What is typed, as the command has it.
function shaped(data: JsonObject): JsonObject {
  const { place, working: _1, worn: _2, damaged: _3, destroyed: _4, ...rest } = data;
  const assets = assetsIn(data) as unknown as Json;
  return { ...rest, ...(typeof place === "string" ? placeFrom(place) : {}), ...((assets as readonly Json[]).length > 0 ? { assets } : {}) };
}

function typedFrom(site: Site): Typed {
  return {
    name: site.name, kind: site.kind, address: site.address ?? "", place: placeText(site), serves: site.serves?.toString() ?? "", note: site.note ?? "",
    ...Object.fromEntries(conditions.map((condition) =>
      [condition, (site.assets ?? []).filter((asset) => asset.condition === condition).map(assetText).join("\n")])),
  };
}
