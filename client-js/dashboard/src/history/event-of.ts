import { http } from "../app/account.svelte";
import { known } from "../app/known.svelte";
import { entityOf } from "../entities/sentences";
import { chainOf, type Chain } from "./chain";
import type { Named } from "./scope";
import type { Problem, StoredEvent } from "../../../src/index";

// One event and what belongs to it: the others of its command, what led to it and followed, its neighbours in the stream.

export interface EventAndKin {
  readonly event: StoredEvent;
  readonly earlier: StoredEvent | undefined;
  readonly later: StoredEvent | undefined;
  readonly together: readonly StoredEvent[]; // all of the same command, in order
  readonly chain: Chain;
  readonly entity: Named; // as it was called then
}

export type Asked =
  | { readonly position: number; readonly stream: string | undefined }
  | { readonly stream: string; readonly revision: number };

type Found<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem | undefined };

const around_max = 256; // a batch's size: a command's events stand within it
const together_max = 64; // a command that restores a whole text makes less than half of them

export async function loadEvent(asked: Asked): Promise<Found<EventAndKin>> {
  const event = await find(asked);
  if (!event.ok) return event;
  const { position, stream, index, command } = event.value;
  const [before, after, near, entity, chain] = await Promise.all([
    http.events({ stream, before: position, limit: 1 }),
    http.events({ stream, from: position + 1, limit: 1 }),
    http.events({ stream, from: position - index, limit: together_max }),
    nameThen(stream, position + 1),
    chainOf((filter) => http.events(filter), event.value),
  ]);
  const [older, younger] = [before.ok ? before.value.events : [], after.ok ? after.value.events : []];
  const all = new Map([...chain.all, event.value, ...(near.ok ? near.value.events : [])].map((one) => [one.position, one]));
  const inOrder = [...all.values()].sort((a, b) => a.position - b.position);
  return {
    ok: true,
    value: {
      event: event.value,
      earlier: older[0],
      later: younger[0],
      together: inOrder.filter((one) => one.command === command && one.actor === event.value.actor && Math.abs(one.position - position) < around_max),
      chain,
      entity,
    },
  };
}

async function find(asked: Asked): Promise<Found<StoredEvent>> {
  const answer = await ("position" in asked
    ? http.events({ from: asked.position, limit: 1, ...(asked.stream ? { stream: asked.stream } : {}) })
    : http.events({ stream: asked.stream, limit: 1, ...(asked.revision > 1 ? { after: `${asked.stream}@${asked.revision - 1}` } : {}) }));
  if (!answer.ok) return { ok: false, problem: answer.problem };
  const event = answer.value.events.find((one) => "position" in asked ? one.position === asked.position : one.revision === asked.revision);
  return event ? { ok: true, value: event } : { ok: false, problem: undefined };
}

export async function nameThen(stream: string, at: number): Promise<Named> {
  const entity = entityOf(stream);
  const [kind = ""] = entity.split("/");
  const view = ["proposal", "partnership", "visit"].includes(kind) ? await http.viewAsOf(entity, { at }) : undefined;
  const { title, ua, eu } = view?.ok ? view.value.value : {};
  if (typeof ua !== "string" || typeof eu !== "string") return { title: known.streamName(entity), ua: "", eu: "" };
  return { title: typeof title === "string" ? title : `${known.townName(ua)} – ${known.townName(eu)}`, ua, eu };
}
