import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { Desk } from "./support/desk.js";
import { Server } from "./support/server.js";
import { until } from "./support/until.js";

// One event as its reader understands it: fields in words, a text's change as what was written and taken away, the
// stored bytes folded away.
suite("an event's page", () => {
  let server, annika, oksana, taras;

  before(async () => {
    server = await Server.start();
    annika = await Desk.of(server.url, "Annika Leclair");
    taras = await Desk.of(server.url, "Annika Leclair", { browser: annika.browser, locale: "uk-UA" });
    oksana = await Desk.of(server.url, "Oksana Tymchuk", { browser: annika.browser });
  });
  after(async () => {
    for (const desk of [oksana, taras, annika]) await desk?.close();
    await server?.stop();
  });

  const main = (desk = annika) => desk.page.getByRole("main");
  const what = (desk = annika) => desk.page.getByRole("region", { name: desk === annika ? "What happened" : "Що сталося" });
  const open = async ({ position, event }, desk = annika) => {
    await desk.goto(`/events/${position}?stream=${event.subject}`);
    await what(desk).locator("dl, p").first().waitFor();
  };
  const newest = async (filter) => (await annika.ask(`/v1/events?${filter}&before=9007199254740991&limit=1`)).events[0];
  // What stands beside a field's name.
  const value = (label, desk = annika) => what(desk).locator("dl > div").filter({ has: desk.page.locator("dt", { hasText: new RegExp(`^${label}$`) }) }).locator("dd");

  test("shows a budget line with its category, its municipality and its money in words", async () => {
    const found = await newest("stream=proposal/byshiv-bacsalmas_water&type=proposal.budget_line_set");
    await open(found);
    const { category, amount, currency, partner } = found.event.data;
    assert.notEqual(await value("Category").innerText(), category);
    assert.equal((await value("Amount").innerText()).replace(/\D/g, ""), String(amount / 100));
    assert.match(await value("Amount").innerText(), currency === "EUR" ? /€/ : /./);
    assert.match(await value("Line").getByRole("link").getAttribute("href"), /about=budget\//);
    assert.equal(await value("Line").innerText(), found.event.data.description);
    assert.match(await value("Partner").getByRole("link").getAttribute("href"), new RegExp(`/municipalities/${partner}/history`));
    annika.isQuiet();
  });

  test("calls a removed line by what it was", async () => {
    const line = (await newest("stream=proposal/byshiv-bacsalmas_water&type=proposal.budget_line_set")).event.data;
    await oksana.command("proposal/byshiv-bacsalmas_water", "set_budget_line", { ...line, line: "b-gone", description: "A pump that is not needed" });
    await oksana.command("proposal/byshiv-bacsalmas_water", "remove_budget_line", { line: "b-gone" });
    await open(await newest("stream=proposal/byshiv-bacsalmas_water&type=proposal.budget_line_removed"));
    await until("the line has its name", async () => await value("Line").innerText() === "A pump that is not needed");
    annika.isQuiet();
  });

  test("tells a municipality's coordinates in degrees and its year without grouping, in both languages", async () => {
    const { events } = await annika.ask("/v1/events?type=municipality.registered,municipality.updated&limit=500");
    const found = events.find(({ event }) => event.data.lat_e5 && event.data.population_year && event.data.country === "UA");
    assert.ok(found, "the demo has a municipality with its coordinates");
    await open(found);
    assert.equal(await value("Latitude").innerText(), `${(found.event.data.lat_e5 / 100_000).toFixed(5)}° N`);
    assert.equal(await value("Counted in").innerText(), String(found.event.data.population_year));
    assert.doesNotMatch(await what().innerText(), /_e5|_year|katottg/);
    await open(found, taras);
    assert.match(await value("Широта", taras).innerText(), /^\d\d,\d{5}° пн\. ш\.$/);
    assert.equal(await value("Рік підрахунку", taras).innerText(), String(found.event.data.population_year));
    annika.isQuiet();
    taras.isQuiet();
  });

  test("shows a text's change as what was written and taken away, with the words around and the formats named", async () => {
    const topic = "text/proposal/byshiv-bacsalmas_water/sustainability";
    const { client } = await oksana.post("/v1/clients", { stream: topic });
    const { revision, content } = await oksana.ask("/v1/texts/proposal/byshiv-bacsalmas_water/sustainability");
    const units = content.reduce((sum, { insert }) => sum + insert.length, 0);
    const edit = (sequence, change) => oksana.command(topic, "edit_text", { client, sequence, base: revision + sequence - 1, change }, `${client}-${sequence}`);
    const written = "The utility keeps the old pumps.\n";
    await edit(1, [{ insert: written }]);
    await edit(2, [{ retain: 22 }, { delete: 3 }, { insert: "three new" }, { retain: 1 }, { retain: 5, attributes: { bold: true } }, { retain: 1 }, { retain: 1, attributes: { header: 2 } }]);
    const found = await newest(`stream=${topic}`);
    await open(found);
    const change = value("Change");
    await change.locator("ins", { hasText: "three new" }).waitFor();
    assert.equal(await change.locator("del").innerText(), "old");
    assert.match(await change.innerText(), /The utility keeps the/);
    assert.match(await change.innerText(), /Bold: “pumps”/);
    assert.match(await change.innerText(), /Heading 2: “The utility keeps the three new pumps\.”/);
    assert.doesNotMatch(await what().innerText(), /retain|\[\{|insert"/);
    if (units > 40) assert.doesNotMatch(await change.innerText(), new RegExp(content[0].insert.slice(0, 30).replace(/[^\w ]/g, ".")), "only the lines that changed");
    annika.isQuiet();
  });

  test("leads from a comment's answer to the passage, and from a correction to what it corrects", async () => {
    const { events } = await annika.ask("/v1/events?type=visit.corrected,partnership.corrected,proposal.corrected&limit=500");
    if (events.length > 0) {
      await open(events[0]);
      await value("Corrects").getByRole("link").waitFor();
    }
    const resolved = (await annika.ask("/v1/events?type=text.replied,text.thread_resolved&limit=1")).events[0];
    assert.ok(resolved, "the demo has an answer to a comment");
    await open(resolved);
    await until("the thread is called by its passage", async () => !/^t-/.test(await value("Thread").innerText()));
    annika.isQuiet();
  });

  test("keeps the stored bytes folded away, to be opened, copied and saved", async () => {
    const found = await newest("stream=proposal/byshiv-bacsalmas_water");
    await annika.context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await open(found);
    const stored = main().locator("pre");
    assert.equal(await stored.isVisible(), false);
    await main().getByText("As it is stored").click();
    assert.deepEqual(JSON.parse(await stored.innerText()), found.event);
    await main().getByRole("button", { name: "Copy", exact: true }).click();
    await annika.sees("Copied");
    assert.deepEqual(JSON.parse(await annika.page.evaluate(() => navigator.clipboard.readText())), found.event);
    annika.isQuiet();
  });

  test("no line of any history shows a field or a value as the program has it", async () => {
    for (const desk of [annika, taras]) {
      await desk.goto("/history");
      await desk.page.locator("ol.rows > li").first().waitFor();
      const told = await desk.page.locator("ol.rows > li").allInnerTexts();
      for (const line of told) assert.doesNotMatch(line, /\b[a-z]+_[a-z_]+\b|\b(?:proposal|visit|partnership|person|text|site|municipality)\.[a-z_]+|undefined|\[object|HU_\d|UA\d{10}/, line);
    }
  });
});
