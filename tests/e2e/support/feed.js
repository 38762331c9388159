import assert from "node:assert/strict";
import { until } from "./until.js";

export async function eventsOf(desk, stream) {
  const all = [];
  for (let from = 0; from !== undefined;) {
    const { events, next } = await desk.ask(`/v1/events?stream=${stream}&from=${from}&limit=500`);
    all.push(...events.map(({ position, event, opened }) => ({ position, event: opened === undefined ? event : { ...event, data: opened } })));
    from = next;
  }
  return all;
}

async function rowsOf(desk, topic) {
  const all = [];
  for (let before = ""; before !== undefined;) {
    const { rows, next, total } = await desk.ask(`/v1/lists/${topic}?limit=500${before && `&before=${before}`}`);
    all.push(...rows);
    before = next;
    if (next === undefined) assert.equal(all.length, total, topic);
  }
  return all;
}

// The feed on the page tells of as many events as the server's, each of a position of its own; of more than
// a hundred, it may say that older ones follow.
export async function feedIsWhole(desk) {
  const { organisation } = await desk.ask("/v1/me");
  const page = desk.page.getByRole("main").getByRole("listitem");
  let told;
  await until("the feed on the page is the server's", async () => {
    const rows = await rowsOf(desk, `feed/${organisation}`);
    assert.equal(new Set(rows.map(({ position }) => position)).size, rows.length);
    const texts = await page.allInnerTexts();
    const more = await desk.page.getByText(/^\d+ of \d+$/).allInnerTexts();
    const shown = texts.reduce((sum, text) => sum + Number(/· (\d+) edits?/.exec(text)?.[1] ?? 1), 0);
    const isWhole = shown === rows.length || (shown >= 100 && more.join() === `${shown} of ${rows.length}`);
    told = `${shown} are shown (${more.join()}), ${rows.length} are there`;
    return isWhole;
  }).catch((error) => { throw new Error(`${error.message}: ${told}`); });
}

// Since frame `from` no row of a list and no change of a view came twice, or out of order.
export function framesCameOnce(desk, from) {
  const sizes = new Map();
  for (const frame of desk.frames.slice(from)) {
    if (frame.type === "snapshot") sizes.set(frame.topic, frame.size);
    if (frame.type !== "patch" && frame.type !== "rows") continue;
    const before = sizes.get(frame.topic) ?? -1;
    assert.ok(frame.size > before, `${frame.topic}: a change of size ${frame.size} came after ${before}`);
    sizes.set(frame.topic, frame.size);
  }
}
