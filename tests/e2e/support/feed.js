import assert from "node:assert/strict";
import { until } from "./until.js";

export async function eventsOf(desk, stream) {
  const { events } = await desk.ask(`/v1/events?stream=${stream}&limit=500`);
  return events;
}

// The feed on the page counts as many events as the server's, each of a position of its own, and the page
// says the same when it is opened anew in the same place.
export async function feedIsWhole(desk) {
  const { organisation } = await desk.ask("/v1/me");
  const page = desk.page.getByRole("main").getByRole("listitem");
  await until("the feed on the page is the server's", async () => {
    const { rows, total } = await desk.ask(`/v1/lists/feed/${organisation}?limit=500`);
    assert.equal(rows.length, total);
    assert.equal(new Set(rows.map(({ position }) => position)).size, total);
    const texts = await page.allInnerTexts();
    const more = await desk.page.getByText(new RegExp(`\\b100 of ${total}\\b`)).count();
    const shown = texts.reduce((sum, text) => sum + Number(/· (\d+) edits?/.exec(text)?.[1] ?? 1), 0);
    return shown === (more ? 100 : total) ? true : false;
  });
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
