import type { JsonObject, Me } from "../../../src/index";
import { actsAs } from "../entities/rights";
import type { Proposal, Side, Stamp } from "../entities/types";
import type { Words } from "../words/en";

// Places of critical infrastructure: how many there are is seen by all who read the proposal, what they are and
// where by their audience alone.

export type Audience = "town" | "partners";
export type SiteView = Side | "partners";
export type SiteKind = keyof Words["sites"]["kinds"];
export type Condition = keyof Words["sites"]["conditions"];

export interface Asset {
  readonly name: string;
  readonly count?: number;
  readonly condition: Condition;
}

// What everybody sees of one.
export interface SiteLine extends Stamp {
  readonly order: string;
  readonly side: Side;
  readonly audience: Audience;
}

export interface Site extends Stamp {
  readonly order: string;
  readonly side: Side;
  readonly name: string;
  readonly kind: SiteKind;
  readonly address?: string;
  readonly lat_e5?: number;
  readonly lon_e5?: number;
  readonly serves?: number;
  readonly assets?: readonly Asset[];
  readonly note?: string;
}

export const conditions = ["working", "worn", "damaged", "destroyed"] as const satisfies readonly Condition[];
export const assets_max = 20;
export const asset_name_max = 100;

export function sitesTopic(proposal: string): string {
  return `sites/${proposal}`;
}

export function describedTopic(proposal: string, view: SiteView): string {
  return `sites/${proposal}/${view}`;
}

// The side whose places the person keeps; nothing for those who only see that there are some.
export function keepsFor(me: Me, proposal: Pick<Proposal, "ua" | "eu">): Side | undefined {
  const by = actsAs(me, proposal);
  return by === "programme" ? undefined : by;
}

export function linesOf(value: JsonObject | undefined): readonly (SiteLine & { id: string })[] {
  return ordered((value?.["sites"] ?? {}) as unknown as Record<string, SiteLine>);
}

export function sitesOf(value: JsonObject | undefined): readonly (Site & { id: string })[] {
  return ordered((value ?? {}) as unknown as Record<string, Site>);
}

function ordered<T extends { order: string }>(members: Record<string, T>): readonly (T & { id: string })[] {
  return Object.entries(members).map(([id, one]) => ({ ...one, id })).sort((a, b) => a.order < b.order ? -1 : 1);
}

// Who sees so many of them, in the order in which they are told.
export function seers(lines: readonly SiteLine[]): readonly { readonly view: SiteView; readonly count: number }[] {
  return (["ua", "eu", "partners"] as const)
    .map((view) => ({ view, count: lines.filter((line) => viewOf(line) === view).length }))
    .filter(({ count }) => count > 0);
}

export function viewOf({ side, audience }: Pick<SiteLine, "side" | "audience">): SiteView {
  return audience === "partners" ? "partners" : side;
}

const degrees_e5 = 100_000;

// "50.21234, 29.89876", as maps write it; nothing for what is no place on Earth.
export function placeFrom(text: string): { readonly lat_e5: number; readonly lon_e5: number } | undefined {
  const match = /^\s*(-?\d{1,2}(?:\.\d+)?)\s*[,;\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/.exec(text);
  if (!match) return undefined;
  const lat = Math.round(Number(match[1]) * degrees_e5);
  const lon = Math.round(Number(match[2]) * degrees_e5);
  return Math.abs(lat) <= 90 * degrees_e5 && Math.abs(lon) <= 180 * degrees_e5 ? { lat_e5: lat, lon_e5: lon } : undefined;
}

export function placeText({ lat_e5, lon_e5 }: Pick<Site, "lat_e5" | "lon_e5">): string {
  if (lat_e5 === undefined || lon_e5 === undefined) return "";
  return [lat_e5, lon_e5].map((part) => (part / degrees_e5).toFixed(5)).join(", ");
}

// "3 × Pump" or "Pump", one asset a line.
export function assetFrom(line: string, condition: Condition): Asset {
  const match = /^(\d{1,7})\s*[×xх*]\s*(.+)$/iu.exec(line);
  const count = Number(match?.[1]);
  return match?.[2] && count >= 1 && count <= 1_000_000 ? { name: match[2].trim(), count, condition } : { name: line, condition };
}

export function assetText({ name, count }: Asset): string {
  return count === undefined ? name : `${count} × ${name}`;
}
