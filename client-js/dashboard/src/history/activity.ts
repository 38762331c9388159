import type { EventFilter, EventPage, Fetched } from "../../../src/index";
import { stretchesOf, type Bucket } from "./buckets";

// How much happened when, as the server counts it.

interface Server {
  events(filter: EventFilter): Promise<Fetched<EventPage>>;
  activity(streams: readonly string[], since: string, step_ms: number, bars: number): Promise<Fetched<readonly number[]>>;
}

const streams_a_question = 64;

// The bars of these streams, none of them: of all. `since` and `until` are days, or empty. Nothing where one of the
// answers did not come: a chart with holes would lie.
export async function activityOf(server: Server, streams: readonly string[], since: string, until: string, bars_max = 48): Promise<readonly Bucket[]> {
  const groups = streams.length === 0 ? [[]] : chunks(streams, streams_a_question);
  const first = since === "" ? await firstOf(server, streams) : Date.parse(`${since}T00:00:00Z`);
  const last = until === "" ? Date.now() : Math.min(Date.now(), Date.parse(`${until}T23:59:59Z`));
  if (first === undefined || Number.isNaN(first) || Number.isNaN(last) || first > last) return [];
  const { begin, step, bars } = stretchesOf(first, last, bars_max);
  const answers = await Promise.all(groups.map((group) => server.activity(group, new Date(begin).toISOString(), step, bars)));
  if (answers.some(({ ok }) => !ok)) return [];
  return Array.from({ length: bars }, (_, index) => ({
    from: begin + index * step, until: Math.min(begin + (index + 1) * step, last + 1),
    count: answers.reduce((sum, answer) => sum + (answer.ok ? answer.value[index] ?? 0 : 0), 0),
  }));
}

// When the first event of any of them was recorded.
async function firstOf(server: Server, streams: readonly string[]): Promise<number | undefined> {
  const answers = await Promise.all((streams.length === 0 ? [undefined] : streams).map((stream) => server.events({ ...(stream === undefined ? {} : { stream }), from: 0, limit: 1 })));
  const times = answers.flatMap((answer) => answer.ok ? answer.value.events.map(({ time }) => Date.parse(time)) : []);
  return times.length === 0 ? undefined : Math.min(...times);
}

function chunks(all: readonly string[], size: number): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.slice(index * size, (index + 1) * size));
}
