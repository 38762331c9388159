import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { Desk } from "./support/desk.js";
import { Server } from "./support/server.js";
import { until } from "./support/until.js";

// Comparing any two moments of a page's life, by sliders, by the keyboard and by a shared address.
suite("comparing two moments", () => {
  let server, annika, oksana;

  before(async () => {
    server = await Server.start();
    annika = await Desk.of(server.url, "Annika Leclair");
    oksana = await Desk.of(server.url, "Oksana Tymchuk", { browser: annika.browser });
    for (let round = 1; round <= 70; ++round) await oksana.command("proposal/byshiv-bacsalmas_water", "edit_proposal", { summary: `Summary ${round}.` });
  });
  after(async () => {
    await oksana?.close();
    await annika?.close();
    await server?.stop();
  });

  const history = "/proposals/byshiv-bacsalmas_water/history";
  const main = () => annika.page.getByRole("main");
  const compare = () => main().getByRole("region", { name: "Compare two moments" });
  const slider = (name) => compare().getByRole("slider", { name });
  const query = (name) => Number(new URL(annika.page.url()).searchParams.get(name));
  const [earlier, later] = ["Earlier moment", "Later moment"];
  const spoken = (name) => slider(name).getAttribute("aria-valuetext");
  const at = async (name) => Number(await slider(name).inputValue());
  const max = async () => Number(await slider(earlier).getAttribute("max"));
  const ready = () => until("the sliders know the whole life", async () => await slider(earlier).isEnabled());

  async function ownEvents() {
    const streams = ["proposal/byshiv-bacsalmas_water", "text/proposal/byshiv-bacsalmas_water/"];
    const pages = await Promise.all(streams.map((stream) => annika.ask(`/v1/events?stream=${stream}&limit=500`)));
    return pages.flatMap(({ events }) => events).sort((a, b) => a.position - b.position);
  }

  test("the sliders span the whole life of the page, further than the lines that are shown", async () => {
    await annika.goto(history);
    await until("a window of lines is shown", async () => await main().locator("ol.rows > li").count() === 50);
    await annika.press("Compare two moments");
    await ready();
    assert.ok(await max() > 70, "all changes, not the 50 that are listed");
    const events = await ownEvents();
    await slider(earlier).press("Home");
    await until("before everything", async () => await spoken(earlier) === "Before the first change" && query("from") === 0);
    await slider(earlier).press("ArrowRight");
    await until("the first change", async () => query("from") === events[0].position + 1);
    assert.match(await spoken(earlier), new RegExp(`\\d{1,2}:\\d{2}.*, just after position ${events[0].position}$`));
    await slider(later).press("End");
    await until("the last change", async () => query("to") === events.at(-1).position + 1);
    assert.equal(await at(later), await max());
    annika.isQuiet();
  });

  test("arrows, Page Up and Page Down move as far as they say, and each moment is told with its time", async () => {
    const start = await at(later);
    for (const [key, by] of [["ArrowLeft", -1], ["ArrowDown", -1], ["ArrowUp", 1], ["ArrowRight", 1]]) {
      const before = await at(later);
      await slider(later).press(key);
      await until(`${key} moves by one`, async () => await at(later) === before + by);
    }
    await slider(later).press("PageDown");
    const far = start - await at(later);
    assert.ok(far > 3, `Page Down moved by ${far}`);
    await slider(later).press("PageUp");
    await until("Page Up leads back", async () => await at(later) === start);
    for (const name of [earlier, later]) assert.match(await spoken(name), /\d{1,2}:\d{2}/);
    annika.isQuiet();
  });

  test("a shared address puts both thumbs where they were, with their times", async () => {
    const events = await ownEvents();
    const [from, to] = [events[20], events.at(-5)];
    await slider(earlier).press("End");
    await annika.goto(`${history}?from=${from.position + 1}&to=${to.position + 1}`);
    await ready();
    assert.match(await spoken(earlier), new RegExp(`, just after position ${from.position}$`));
    assert.match(await spoken(later), new RegExp(`, just after position ${to.position}$`));
    assert.ok(0 < await at(earlier) && await at(earlier) < await at(later) && await at(later) < await max());
    const wanted = /Summary (\d+)\./.exec(JSON.stringify(to.event.data))[1];
    await compare().locator("ins", { hasText: `Summary ${wanted}.` }).or(compare().locator("ins", { hasText: wanted })).first().waitFor();
    annika.isQuiet();
  });

  test("an address between two changes shows the one before it", async () => {
    const events = await ownEvents();
    const gap = events.findIndex((one, index) => index > 3 && events[index + 1]?.position > one.position + 1);
    await annika.goto(`${history}?from=${events[gap].position + 2}&to=${events.at(-1).position + 400}`);
    await ready();
    assert.match(await spoken(earlier), new RegExp(`, just after position ${events[gap].position}$`));
    assert.equal(await at(later), await max());
    await compare().getByText("The log does not reach that far yet.").waitFor();
    await annika.page.waitForLoadState("networkidle"); // each text is refused by itself
    annika.problems.length = 0; // the browser complains of the server's refusals, rightly
  });

  test("of a life too long to be fetched, the older part goes by stretches, each led to its last change", async () => {
    const topic = "text/proposal/byshiv-bacsalmas_water/risks";
    const { client } = await oksana.post("/v1/clients", { stream: topic });
    const { revision } = await oksana.ask("/v1/texts/proposal/byshiv-bacsalmas_water/risks");
    for (let sequence = 1; sequence <= 2_100; ++sequence)
      await oksana.command(topic, "edit_text", { client, sequence, base: revision + sequence - 1, change: [{ insert: "a" }] }, `${client}-${sequence}`);
    await annika.goto(history);
    await annika.press("Compare two moments");
    await ready();
    await annika.sees(/^The history is long: before/);
    await slider(earlier).press("Home");
    await slider(earlier).press("ArrowRight");
    await until("the stretch is led to a change", async () => query("from") > 0);
    const asked = query("from");
    const events = (await ownEvents()).filter(({ position }) => position < asked);
    assert.equal(events.at(-1).position, asked - 1, "the moment is just after a change of this page");
    assert.match(await spoken(earlier), new RegExp(`, just after position ${asked - 1}$`));
    annika.isQuiet();
  });

  test("in Ukrainian the moments are told in Ukrainian", async () => {
    const bohdan = await Desk.of(server.url, "Oksana Tymchuk", { browser: annika.browser, locale: "uk-UA" });
    await bohdan.goto(`${history}?from=0`);
    const thumb = bohdan.page.getByRole("slider", { name: "Раніший момент" });
    await until("the sliders know the whole life", async () => await thumb.isEnabled());
    assert.equal(await thumb.getAttribute("aria-valuetext"), "До першої зміни");
    await thumb.press("ArrowRight");
    await until("told in Ukrainian", async () => /одразу після позиції \d+$/.test(await thumb.getAttribute("aria-valuetext")));
    bohdan.isQuiet();
    await bohdan.close();
  });
});
