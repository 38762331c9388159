import { http } from "../app/account.svelte";

// The day of the first event, of one stream or of all that one may read: midnight UTC, in milliseconds. Nothing
// when there is none.
export async function firstDay(stream?: string): Promise<number | undefined> {
  const answer = await http.events({ ...(stream === undefined ? {} : { stream }), from: 0, limit: 1 });
  const [event] = answer.ok ? answer.value.events : [];
  return event && Date.parse(`${event.time.slice(0, 10)}T00:00:00Z`);
}
