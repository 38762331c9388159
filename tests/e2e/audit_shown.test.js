import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { Desk } from "./support/desk.js";
import { Server } from "./support/server.js";
import { Tamper } from "./support/tamper.js";
import { until } from "./support/until.js";

// What the pages show is held against the events behind it: the words that the server opened, figures, totals, status,
// approvals, comments, lists. Somebody on the line changes each of them in turn.
suite("verifying what a page shows", () => {
  let server, tamper, first, annika, oksana;

  before(async () => {
    tamper = await Tamper.begin();
    server = await Server.start({ origins: [tamper.url] });
    tamper.leadTo(server.port);
    first = annika = await Desk.of(tamper.url, "Annika Leclair");
    oksana = await Desk.of(server.url, "Oksana Tymchuk", { browser: annika.browser });
  });
  after(async () => {
    await oksana?.close();
    if (annika !== first) await annika?.close();
    await first?.close();
    await tamper?.remove();
    await server?.stop();
  });

  const water = "/proposals/byshiv-bacsalmas_water", history = `${water}/history`;
  const panel = () => annika.page.getByTestId("verification");
  const same = (text) => text;

  // Opens a page anew under these liars, verifies it, and answers what it says.
  async function verifies(path, verdict, { http = (_path, body) => body, live = same, ready, button = "Verify" } = {}) {
    await annika.page.goto("about:blank");
    Object.assign(tamper, { bend: http, bendLive: live });
    await annika.goto(path);
    if (ready) await ready();
    await panel().getByRole("button", { name: button, exact: true }).click();
    await annika.page.locator(`[data-testid="verification"]:is([data-verdict="verified"], [data-verdict="failed"], [data-verdict="blocked"])`).waitFor({ timeout: 60_000 });
    const said = await panel().innerText();
    assert.equal(await panel().getAttribute("data-verdict"), verdict, said);
    Object.assign(tamper, { bend: (_path, body) => body, bendLive: same });
    return said;
  }
  const isCaught = async (path, liar, says) => assert.match(await verifies(path, "failed", liar), says);

  // Another device, which has kept nothing yet of what it is shown, and is lied to from the first frame on.
  async function forgets(live = same) {
    const before = annika;
    tamper.bendLive = live;
    annika = await Desk.of(tamper.url, "Annika Leclair", { browser: first.browser });
    if (before !== first) await before.close();
  }
  const textIsThere = () => annika.page.getByRole("region", { name: "Needs and relevance" }).getByText("Only 11").first().waitFor();

  // Changes frames of a topic that the server sends.
  const frames = (topic, change) => (message) => {
    const all = JSON.parse(message);
    return JSON.stringify(all.flatMap((frame) => frame.topic === topic ? change(frame) ?? [frame] : [frame]));
  };
  const snapshot = (change) => frames("proposal/byshiv-bacsalmas_water", (frame) => { if (frame.type === "snapshot") change(frame.value); });

  test("is green on an honest server: of a proposal, a partnership, a visit, a municipality, the programme, and of the past", async () => {
    const { events } = await annika.ask("/v1/events?stream=proposal/byshiv-bacsalmas_water&limit=500");
    for (const [path, says] of [
      [water, /What the page shows is exactly what these events make of it/], [`${water}?at=${events[8].position + 1}`, /What the page shows is exactly/],
      ["/partnerships/byshiv-bacsalmas", /What the page and its lists show is exactly/], ["/partnerships/byshiv-bacsalmas/history", /What the page and its lists show is exactly/],
      ["/municipalities/UA32140010000049369/history", /What the page and its lists show is exactly/], ["/history", /No position of the log is missing/],
    ]) assert.match(await verifies(path, "verified", { ready: path === water ? textIsThere : undefined }), says, path);
    const { rows } = await annika.ask("/v1/lists/visits/all?limit=500");
    for (const { id } of rows.slice(0, 3)) await verifies(`/visits/${id}`, "verified");
    const proposals = (await annika.ask("/v1/lists/proposals/all?limit=500")).rows;
    for (const { id } of proposals) await verifies(`/proposals/${id}`, "verified");
    annika.isQuiet();
  });

  test("is green for an officer too, who writes and who sees what places of critical infrastructure are", async () => {
    await oksana.goto(water);
    await oksana.page.getByRole("region", { name: "Needs and relevance" }).getByText("Only 11").first().waitFor();
    await oksana.page.getByTestId("verification").getByRole("button", { name: "Verify", exact: true }).click();
    await oksana.page.locator('[data-testid="verification"][data-verdict="verified"]').waitFor({ timeout: 60_000 });
    await oksana.sees(/What places of critical infrastructure are: their keys are in no answer/);
    oksana.isQuiet();
  });

  test("fails for whoever may read the whole log when the end of a stream is kept back everywhere", async () => {
    const stream = "text/proposal/byshiv-bacsalmas_water/needs";
    const { events } = await annika.ask(`/v1/events?stream=${stream}&limit=500`);
    const { position } = events.at(-1);
    const without = (path, body) => {
      if (!path.startsWith("/v1/events")) return body;
      const page = JSON.parse(body);
      return JSON.stringify({ ...page, events: page.events.filter((one) => one.position !== position) });
    };
    await isCaught(history, { http: without }, new RegExp(`Position ${position}: left out of what was fetched`));
    // Kept back only where the page's own streams are asked for.
    const ofStreams = (path, body) => path.includes("stream=") ? without(path, body) : body;
    await isCaught(history, { http: ofStreams }, new RegExp(`Position ${position}: left out of what was fetched`));
  });

  test("fails when the words that the server opened are not those that stand sealed, and names the entry", async () => {
    const { events } = await annika.ask("/v1/events?stream=text/proposal/byshiv-bacsalmas_water/needs&limit=500");
    const { position } = events.find(({ opened }) => JSON.stringify(opened).includes("Only 11"));
    const bend = (path, body) => path.startsWith("/v1/events") ? body.replaceAll("Only 11", "Only 91") : body;
    const says = new RegExp(`Position ${position}: what stands sealed in the log is not what is shown`);
    await isCaught(history, { http: bend }, says);
    await isCaught(`/events/${position}?stream=text/proposal/byshiv-bacsalmas_water/needs`, { http: bend, button: "Verify this event" }, says);
  });

  test("fails when a comment is not the one that was written, where it is listed and where it stands", async () => {
    const { events } = await annika.ask("/v1/events?type=text.commented&limit=500");
    const { position, event, opened } = events.find(({ event }) => event.subject.includes("byshiv-bacsalmas_water"));
    const other = (text) => text.replaceAll(JSON.stringify(opened.body).slice(1, -1), "All is well.");
    await isCaught(history, { http: (path, body) => path.startsWith("/v1/events") ? other(body) : body }, new RegExp(`Position ${position}: what stands sealed`));
    await forgets();
    await isCaught(water, { live: frames(event.subject, (frame) => [JSON.parse(other(JSON.stringify(frame)))]), ready: textIsThere }, /The page shows “[^”]+: comments” otherwise than its events make it/);
  });

  test("fails when a total, a status, an approval or who set a line is not what the events say", async () => {
    for (const [change, says] of [
      [(value) => { value.totals.EUR.gap = 1; }, /The page shows “Totals, EUR” otherwise/],
      [(value) => { value.status = "granted"; }, /The page shows “Status” otherwise/],
      [(value) => { value.approval = { version: 1, asked_by: "u-x", asked_side: "ua", at: "2026-01-01T00:00:00.000Z", content_hash: "00", approved: {} }; }, /The page shows “Approval” otherwise/],
      [(value) => { Object.values(value.budget)[0].actor = value.changed.actor.replace(/.$/, "x"); }, /The page shows “Budget, [^”]+” otherwise/],
      [(value) => { Object.values(value.budget)[0].at = "2026-01-01T00:00:00.000Z"; }, /The page shows “Budget, [^”]+” otherwise/],
      [(value) => { Object.values(value.facts)[0].actor = "u-x"; }, /The page shows “Recorded facts, [^”]+” otherwise/],
    ]) {
      await forgets();
      await isCaught(water, { live: snapshot(change), ready: textIsThere }, says);
    }
    await isCaught(history, { http: (path, body) => path.startsWith("/v1/views/proposal/byshiv-bacsalmas_water") ? body.replace(/"gap":\d+/, '"gap":1') : body }, /The page shows “Totals, EUR” otherwise/);
  });

  test("fails when news are kept from the page", async () => {
    await forgets();
    const keep = frames("proposal/byshiv-bacsalmas_water", (frame) => frame.type === "patch" ? [] : undefined);
    const says = await verifies(water, "failed", { live: keep, ready: async () => {
      await textIsThere();
      await oksana.command("proposal/byshiv-bacsalmas_water", "edit_proposal", { summary: `News of ${Date.now()}` });
    } });
    assert.match(says, /The page shows “[^”]+” without its newest events/);
  });

  test("fails when a list of a partnership is not what its events make of it, and when one of its visits is left out of it", async () => {
    const { rows } = await annika.ask("/v1/lists/visits/all?limit=500");
    const visit = rows.find(({ partnership }) => partnership === "byshiv-bacsalmas");
    const path = "/partnerships/byshiv-bacsalmas";
    const window = (change) => frames("visits/all", (frame) => { if (frame.rows) frame.rows = change(frame.rows); });
    const cancelled = window((all) => all.map((row) => row.id === visit.id ? { ...row, status: "cancelled" } : row));
    await forgets(cancelled);
    await isCaught(path, { live: cancelled }, new RegExp(`The page shows “List: visit/${visit.id}, Status” otherwise`));
    const gone = (all) => all.filter(({ id }) => id !== visit.id);
    const left = (message) => { const all = JSON.parse(window(gone)(message)); for (const frame of all) if (frame.topic === "visits/all" && frame.rows) frame.total -= 1; return JSON.stringify(all); };
    await forgets(left);
    await isCaught(path, { live: left }, new RegExp(`“List: visit/${visit.id}” otherwise`));
    const everywhere = (url, body) => {
      if (!url.startsWith("/v1/lists/visits/")) return body;
      const answer = JSON.parse(body);
      return JSON.stringify({ ...answer, rows: gone(answer.rows) });
    };
    await forgets(left);
    await isCaught(path, { live: left, http: everywhere }, /“List: partnership\/byshiv-bacsalmas, Number of visits” otherwise/);
  });

  test("fails when a stream is left out of the programme's history", async () => {
    const { events } = await annika.ask("/v1/events?type=visit.planned&limit=1");
    const hide = (path, body) => {
      if (!path.startsWith("/v1/events")) return body;
      const answer = JSON.parse(body);
      return JSON.stringify({ ...answer, events: answer.events.filter(({ event }) => event.subject !== events[0].event.subject) });
    };
    await isCaught("/history", { http: hide }, /Position \d+: left out of what was fetched/);
  });

  test("says what it could not hold against a key, and does not call that verified", async () => {
    const said = await verifies(history, "blocked", { http: (path, body) => path.startsWith("/v1/keys") ? '{"keys":{}}' : body });
    assert.match(said, /the server gave no key, so what it says is unproven/);
    const wrong = (path, body) => path.startsWith("/v1/keys") ? body.replaceAll(/"[A-Za-z0-9+/]{43}="/g, `"${"A".repeat(43)}="`) : body;
    await isCaught(history, { http: wrong }, /the key that the server gave does not open it/);
    const destroyed = (path, body) => path.startsWith("/v1/keys") ? body.replaceAll(/"[A-Za-z0-9+/]{43}="/g, "null")
      : path.startsWith("/v1/events") ? JSON.stringify((({ events, ...rest }) => ({ ...rest, events: events.map((one) => "opened" in one ? { ...one, opened: null } : one) }))(JSON.parse(body))) : body;
    assert.match(await verifies(history, "failed", { http: destroyed }), /otherwise than its events make it|no event records an erasure/);
  });

  test("says in both languages what is held against the events and what is not", async () => {
    await annika.page.evaluate(() => localStorage.setItem("mosty.language", "uk"));
    await annika.goto(water);
    await annika.sees(/Тут не перевірено:/);
    await panel().getByRole("button", { name: "Перевірити", exact: true }).click();
    await annika.sees(/Сторінка показує саме те, що випливає з цих подій/);
    await annika.page.evaluate(() => localStorage.setItem("mosty.language", "en"));
  });

  test("does not call verified what did not come whole", async () => {
    const lost = (part) => ({ http: (path, body) => path.startsWith(part) ? "{" : body });
    for (const [path, part] of [
      [history, "/v1/texts/proposal/byshiv-bacsalmas_water/needs"], [history, "/v1/views/proposal/byshiv-bacsalmas_water"], [water, "/v1/events?stream=text%2Fproposal%2F"], [water, "/v1/lists/visits/all"],
    ]) assert.match(await verifies(path, "blocked", lost(part)), /this is no verification of the whole/, part);
  });

  test("is green where something was erased for ever, and says so", async () => {
    const secretariat = await Desk.of(server.url, (await annika.ask("/v1/demo/people")).people.find(({ role }) => role === "secretariat").name, { browser: annika.browser });
    await secretariat.command("text/proposal/byshiv-bacsalmas_water/needs", "erase_text", { reason: "A private address" });
    await secretariat.close();
    const isGone = () => annika.context.request.get(`${server.url}/v1/texts/proposal/byshiv-bacsalmas_water/needs`).then((answer) => answer.json()).then(({ content }) => content.length === 1, () => false);
    await until("the server is there again, without the text", isGone);
    for (const path of [history, water]) assert.match(await verifies(path, "verified"), /erased for ever, their keys are destroyed\. They stand in the log/);
  });
});
