import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { Desk } from "./support/desk.js";
import { Server } from "./support/server.js";
import { until } from "./support/until.js";

suite("a browser's own EventSource", () => {
  let server, annika, oksana;

  before(async () => {
    server = await Server.start();
    [annika, oksana] = await Promise.all([Desk.of(server.url, "Annika Leclair"), Desk.of(server.url, "Oksana Tymchuk")]);
  });
  after(async () => {
    await annika?.close();
    await oksana?.close();
    await server?.stop();
  });

  // What the page has got since it began, as the browser told it.
  const got = () => annika.page.evaluate(() => globalThis.got);
  const logSize = async () => (await annika.ask("/v1/events?limit=1")).size;
  const write = async (word, count) => {
    for (let turn = 0; turn < count; turn += 1) await oksana.command("proposal/byshiv-bacsalmas_water", "edit_proposal", { title: `${word} ${turn}` });
  };

  test("takes the log, goes on with what comes, and resumes after kills without a gap or a repetition", async () => {
    await annika.page.evaluate(() => {
      globalThis.got = [];
      globalThis.source = new EventSource("/v1/events");
      source.onmessage = ({ data, lastEventId }) => got.push({ data, lastEventId });
      source.addEventListener("end", ({ data }) => got.push({ end: data }));
    });
    const size = await logSize();
    await until("the log is there", async () => (await got()).length === size);
    for (let round = 0; round < 3; round += 1) {
      await write(`Before kill ${round}`, 5);
      for (const desk of [annika, oksana]) desk.isCut = true;
      await server.kill();
      await server.start();
      await write(`After kill ${round}`, 5);
      const now = await logSize();
      await until("everything came", async () => (await got()).length >= now, 40_000);
      for (const desk of [annika, oksana]) {
        await desk.isLive();
        desk.isCut = false;
      }
    }
    const events = await got();
    const answer = await annika.context.request.get(`${server.url}/v1/events`, { headers: { accept: "application/x-ndjson" } });
    assert.deepEqual(events.map(({ data }) => data), (await answer.text()).trimEnd().split("\n"));
    events.forEach(({ lastEventId }, position) => assert.equal(Number(lastEventId.split(":")[1]), position + 1));
    annika.isQuiet();
  });

  test("is told why when it may read no more, and is refused when it comes back", async () => {
    const person = await oksana.ask("/v1/me");
    await oksana.page.evaluate(() => {
      globalThis.ended = [];
      globalThis.source = new EventSource("/v1/events?stream=proposal/byshiv-bacsalmas_water");
      source.addEventListener("end", ({ data }) => ended.push(JSON.parse(data).code));
    });
    await until("it is open", () => oksana.page.evaluate(() => source.readyState === EventSource.OPEN));
    const clara = await Desk.of(server.url, "Clara Devreese");
    const { events } = await clara.ask(`/v1/events?stream=person/${person.actor}`);
    oksana.isCut = true;
    await clara.command(`person/${person.actor}`, "correct_person", { corrects: events[0].event.id, reason: "She moved.", organisation: "AT_10101" });
    await until("it is told", () => oksana.page.evaluate(() => ended.includes("may_not_read")));
    await until("the browser gives up", () => oksana.page.evaluate(() => source.readyState === EventSource.CLOSED));
    await clara.close();
  });
});
