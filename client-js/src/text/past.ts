import { isCount, isObject, isText, type Json } from "../json";
import { deltaOf, operationsFrom } from "./delta";
import type { AuthoredRun, Burst, NamedVersion, PastText } from "./open-text";
import { saidFrom, told, versionFrom } from "./said";

// What is fetched of a text's past, read at the edge.

export function pastTextFrom(value: Json): PastText | undefined {
  if (!isObject(value)) return undefined;
  const { topic, revision, revisions, size, time, actor, content } = value;
  const [ops, said] = [operationsFrom(content), saidFrom(value)];
  if (!isText(topic) || !isCount(revision) || !isCount(revisions) || !isCount(size) || !ops || !said) return undefined;
  const { threads, suggestions, versions } = said;
  return {
    topic, revision, revisions, size, content: deltaOf(ops), threads, suggestions: told(suggestions), versions,
    ...(isText(time) ? { time } : {}), ...(isText(actor) ? { actor } : {}),
  };
}

export interface Authors {
  readonly revision: number;
  readonly runs: readonly AuthoredRun[]; // who wrote each passage, in the order of the text
}

export function authorsFrom(value: Json): Authors | undefined {
  if (!isObject(value) || !isCount(value["revision"]) || !Array.isArray(value["runs"])) return undefined;
  const runs = value["runs"].map(runFrom);
  return runs.every((run) => run !== undefined) ? { revision: value["revision"], runs } : undefined;
}

export interface Bursts {
  readonly revision: number;
  readonly bursts: readonly Burst[]; // who wrote when, newest first
  readonly versions: readonly NamedVersion[];
}

export function burstsFrom(value: Json): Bursts | undefined {
  if (!isObject(value) || !isCount(value["revision"]) || !Array.isArray(value["bursts"])) return undefined;
  const { revision, versions = [] } = value;
  const bursts = value["bursts"].map(burstFrom);
  const named = Array.isArray(versions) ? versions.map(versionFrom) : [undefined];
  return bursts.every((burst) => burst !== undefined) && named.every((version) => version !== undefined)
    ? { revision, bursts, versions: named } : undefined;
}

function runFrom(value: Json): AuthoredRun | undefined {
  if (!isObject(value)) return undefined;
  const { length, revision, actor = "", at = "" } = value;
  return isCount(length) && isCount(revision) && isText(actor) && isText(at) ? { length, revision, actor, at } : undefined;
}

function burstFrom(value: Json): Burst | undefined {
  if (!isObject(value)) return undefined;
  const { from, to, position, actor, at, until } = value;
  return isCount(from) && isCount(to) && isCount(position) && isText(actor) && isText(at) && isText(until) ? { from, to, position, actor, at, until } : undefined;
}
