import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { Desk } from "./support/desk.js";
import { Server } from "./support/server.js";
import { until } from "./support/until.js";

// What an auditor looks for in a history, and where it leads.
suite("walking a history", () => {
  let server, annika, oksana, byshiv;

  before(async () => {
    server = await Server.start();
    annika = await Desk.of(server.url, "Annika Leclair");
    oksana = await Desk.of(server.url, "Oksana Tymchuk", { browser: annika.browser });
    byshiv = Object.entries((await annika.ask("/v1/views/towns")).value).find(([, { name }]) => name === "Byshiv")[0];
  });
  after(async () => {
    await oksana?.close();
    await annika?.close();
    await server?.stop();
  });

  const main = (desk = annika) => desk.page.getByRole("main");
  const lines = (desk = annika) => main(desk).locator("ol.rows > li");
  const address = (desk = annika) => new URL(desk.page.url());
  const proposal = "/proposals/byshiv-bacsalmas_water";
  const sections = ["objective", "needs", "target_groups", "partnership", "activities", "results", "risks", "sustainability"];
  const streamsOf = (id) => [`proposal/${id}`, ...sections.map((section) => `text/proposal/${id}/${section}`), `sites/${id}`];
  const positionsShown = async (desk = annika) => (await lines(desk).locator(".position").allInnerTexts()).map((text) => Number(/\d+/.exec(text)[0]));

  async function positionsOf(streams, desk = annika) {
    const pages = await Promise.all(streams.map((stream) => desk.ask(`/v1/events?stream=${stream}&limit=500`)));
    return pages.flatMap(({ events }) => events.map(({ position }) => position)).sort((a, b) => b - a);
  }

  const lists = (positions, desk = annika) => until("the page lists exactly these events", async () => JSON.stringify(await positionsShown(desk)) === JSON.stringify(positions));

  test("of a proposal has its texts' events too, in the order of the log, and is found from its page", async () => {
    await annika.goto(proposal);
    await annika.page.getByRole("region", { name: "Time", exact: true }).getByRole("link", { name: "History" }).click();
    await annika.title(/^History of New water supply/);
    assert.equal(address().pathname, `${proposal}/history`);
    await lists(await positionsOf(streamsOf("byshiv-bacsalmas_water")));
    await annika.sees("This is the whole history.");
    annika.isQuiet();
  });

  test("of a partnership has its visits and proposals, of a municipality all of its partnerships", async () => {
    const visits = (await annika.ask("/v1/lists/visits/all?limit=500")).rows;
    const proposals = (await annika.ask("/v1/lists/proposals/all?limit=500")).rows;
    const partnerships = (await annika.ask("/v1/lists/partnerships/all?limit=500")).rows;
    const within = (of) => [...visits.filter(of).map(({ id }) => `visit/${id}`), ...proposals.filter(of).flatMap(({ id }) => streamsOf(id))];
    await annika.goto("/partnerships/byshiv-bacsalmas/history");
    await annika.title("History of Byshiv – Bácsalmás");
    await lists(await positionsOf(["partnership/byshiv-bacsalmas", ...within(({ partnership }) => partnership === "byshiv-bacsalmas")]));
    await annika.goto(`/municipalities/${byshiv}/history`);
    await annika.title("History of Byshiv");
    const of = ({ ua, eu }) => ua === byshiv || eu === byshiv;
    await lists(await positionsOf([`municipality/${byshiv}`, ...partnerships.filter(of).map(({ id }) => `partnership/${id}`), ...within(of)]));
    annika.isQuiet();
  });

  test("is open to those who may read the page, and to nobody else", async () => {
    await oksana.goto(`${proposal}/history`);
    await lists(await positionsOf(streamsOf("byshiv-bacsalmas_water"), oksana), oksana);
    oksana.isQuiet();
    await oksana.goto("/proposals/novyi-bilous-kekava_nb-2-0/history");
    await oksana.sees("This is not shared with you.");
    assert.equal(await lines(oksana).count(), 0);
  });

  test("filters by person, organisation, type, text and time, all of it in the address", async () => {
    const all = await Promise.all(streamsOf("byshiv-bacsalmas_water").map((stream) => annika.ask(`/v1/events?stream=${stream}&limit=500`)));
    const events = all.flatMap(({ events: some }) => some).sort((a, b) => b.position - a.position);
    const people = (await annika.ask("/v1/demo/people")).people;
    const bacsalmas = people.filter(({ organisation }) => organisation === "HU_10719").map(({ actor }) => actor);
    assert.ok(bacsalmas.length > 0);
    const takes = async (keeps) => lists(events.filter(({ event }) => keeps(event)).map(({ position }) => position));

    await annika.goto(`${proposal}/history`);
    await main().getByLabel("Organisation", { exact: true }).selectOption("HU_10719");
    await annika.press("Show");
    await takes(({ actor }) => bacsalmas.includes(actor));
    assert.equal(address().searchParams.get("organisation"), "HU_10719");
    await main().getByLabel("Where", { exact: true }).selectOption("text/proposal/byshiv-bacsalmas_water/needs");
    await annika.press("Show");
    await takes(({ actor, subject }) => bacsalmas.includes(actor) && subject.endsWith("/needs"));
    await annika.page.reload();
    await takes(({ actor, subject }) => bacsalmas.includes(actor) && subject.endsWith("/needs"));
    await annika.press("Clear filters");
    await takes(() => true);
    await main().getByLabel("What happened", { exact: true }).selectOption("proposal.budget_line_set");
    await annika.press("Show");
    await takes(({ type }) => type === "proposal.budget_line_set");
    await annika.goto("/history?organisation=HU_10719&type=text.edited");
    await until("the programme's history is filtered too", async () => {
      const told = await lines().allInnerTexts();
      return told.length > 0 && told.every((text) => text.includes("Bácsalmás"));
    });
    assert.deepEqual(annika.problems, []);
  });

  test("says what is wrong with a filter that nothing can fit, and what to do", async () => {
    for (const [path, query, told] of [
      ["/history", "organisation=nonsense", /^Organisation: No such organisation ever took part\. Choose one from the list/],
      [`${proposal}/history`, "organisation=nonsense", /^Organisation: No such organisation ever took part/],
      [`${proposal}/history`, "actor=u-nonsense", /^Who: Nobody of that name ever took part/],
      ["/history", "since=2026-12-02&until=2026-12-01", /^Until: The last day lies before the first one, so nothing can match\. Swap the two dates/],
      [`${proposal}/history`, "since=2026-12-02&until=2026-12-01", /^Until: The last day lies before the first one/],
    ]) {
      await annika.goto(`${path}?${query}`);
      await main().getByRole("alert").getByText(told).waitFor();
      assert.equal(await main().getByText("No event matches.").count(), 0, "that would look like a finding");
    }
    annika.problems.length = 0; // the browser complains of the server's refusals, rightly
  });

  test("leads from a figure to who set it, when, and the event itself", async () => {
    await annika.goto(proposal);
    await main().getByRole("region", { name: "Budget" }).getByRole("link", { name: /^History: Hydrogeological survey, water/ }).click();
    await annika.title(/^History of/);
    const { events } = await annika.ask("/v1/events?stream=proposal/byshiv-bacsalmas_water&type=proposal.budget_line_set&limit=500");
    const survey = events.filter(({ event }) => event.data.description.startsWith("Hydrogeological survey"));
    assert.ok(survey.length > 1, "the demo changes this line");
    await lists(survey.map(({ position }) => position).sort((a, b) => b - a));
    await annika.sees(/^Only what concerns Hydrogeological survey/);

    await lines().first().locator("summary").click();
    await annika.page.getByRole("link", { name: "Open the event" }).click();
    const { position, event } = survey.at(-1);
    await annika.title(`Event ${position}`);
    await annika.sees(event.id);
    const said = await main().innerText();
    for (const part of [event.id, event.type, event.commandid, event.subject, event.time]) assert.ok(said.includes(part), part);
    await main().getByText("As it is stored").click();
    const pretty = await main().locator("pre", { hasText: "specversion" }).innerText();
    assert.deepEqual(JSON.parse(pretty), event);
    await main().getByRole("link", { name: "Earlier event of this stream" }).click();
    await until("the earlier event of the stream is shown", async () => /^Event \d+$/.test(await main().getByRole("heading", { level: 1 }).innerText())
      && await main().getByRole("heading", { level: 1 }).innerText() !== `Event ${position}`);
    annika.isQuiet();
  });

  test("leads from a sentence to the event that wrote it", async () => {
    await annika.goto(proposal);
    await annika.press("History: Needs and relevance");
    const authors = main().getByRole("region", { name: "Who wrote it" });
    await authors.getByRole("link", { name: /^Open the event: Only 11/ }).click();
    await annika.title(/^Event \d+$/);
    const { events } = await annika.ask("/v1/events?stream=text/proposal/byshiv-bacsalmas_water/needs&limit=1");
    await annika.title(`Event ${events[0].position}`);
    await annika.sees(events[0].event.id);
    annika.isQuiet();
  });

  test("puts what one person wrote in one go on one line, which unfolds into each edit", async () => {
    const topic = "text/proposal/byshiv-bacsalmas_water/risks";
    const { client } = await oksana.post("/v1/clients", { stream: topic });
    const { revision } = await oksana.ask("/v1/texts/proposal/byshiv-bacsalmas_water/risks");
    for (const [index, letter] of [..."Drought."].entries()) {
      await oksana.command(topic, "edit_text", { client, sequence: index + 1, base: revision + index, change: [{ retain: index }, { insert: letter }].slice(index === 0 ? 1 : 0) }, `${client}-${index + 1}`);
    }
    await annika.goto(`${proposal}/history?about=texts/risks`);
    const burst = lines().first();
    await burst.getByText(/text edited: 8 edits in one go, 8 characters written/).waitFor();
    await burst.locator("summary").click();
    const edits = burst.getByRole("list", { name: "Each edit" }).getByRole("listitem");
    await until("each edit has a line", async () => (await edits.count()) === 8);
    assert.match(await edits.first().innerText(), /\.$/);
    await burst.getByRole("link", { name: "What changed here" }).click();
    const risks = main().getByRole("region", { name: "Risks" });
    await until("the comparison shows what was written", async () => (await risks.locator("ins").allInnerTexts()).join("").includes("Drought"));
    const heard = await risks.locator("ins").first().evaluate((element) => ["::before", "::after"].map((part) => getComputedStyle(element, part).content));
    assert.deepEqual(heard, ['" [inserted: "', '"] "'], "what is new is read out as new");
    annika.isQuiet();
  });

  test("marks on the page of that moment what was written then", async () => {
    const { bursts } = await annika.ask("/v1/texts/proposal/byshiv-bacsalmas_water/risks/bursts");
    await oksana.command("proposal/byshiv-bacsalmas_water", "edit_proposal", { summary: "What came later." });
    await annika.goto(`${proposal}?at=${bursts[0].position + 1}`);
    await annika.sees("Text “Risks”: 8 edits in one go");
    const risks = main().getByRole("region", { name: "Risks" });
    await until("what was written is marked", async () => (await risks.locator("ins").allInnerTexts()).join("").includes("Drought"));
    assert.equal(await main().getByText("What came later.").count(), 0);
    await annika.press("Later");
    await annika.sees("What came later.");
    annika.isQuiet();
  });

  test("tells a partnership's story as it stood then", async () => {
    const { events } = await annika.ask("/v1/events?stream=visit/byshiv-bacsalmas_waterworks&limit=1");
    const { position, event } = events[0];
    const story = main().getByRole("region", { name: "The shared story" });
    for (const [at, count] of [[position, 0], [position + 1, 1]]) {
      await annika.goto(`/partnerships/byshiv-bacsalmas?at=${at}`);
      await annika.sees("You see the past.");
      const { rows } = await annika.ask(`/v1/lists/visits/all?limit=500&at=${at}`);
      const own = rows.filter(({ partnership }) => partnership === "byshiv-bacsalmas");
      assert.equal(own.filter(({ title }) => title === event.data.title).length, count);
      await until("the visits of that moment are told", async () => await story.getByRole("link").count() >= own.length
        && await story.getByRole("link", { name: event.data.title }).count() === count);
    }
    annika.isQuiet();
  });

  test("compares two moments: fields, lines of tables, and texts word by word, with the keyboard alone", async () => {
    await oksana.command("proposal/byshiv-bacsalmas_water", "edit_proposal", { summary: "A summary, so that something changes." });
    await annika.goto(`${proposal}/history`);
    await annika.press("Compare two moments");
    const compare = main().getByRole("region", { name: "Compare two moments" });
    await compare.getByText("A summary, so that something changes.").waitFor();
    await compare.getByRole("slider", { name: "Earlier moment" }).press("Home");
    assert.equal(address().searchParams.get("from"), "0");
    const budget = compare.getByRole("region", { name: "Budget" });
    await budget.getByText("Pumps, treatment units and generators").first().waitFor();
    assert.ok(await budget.getByText("added", { exact: true }).count() > 3);
    await compare.getByRole("slider", { name: "Later moment" }).press("Home");
    await annika.sees("Between these two moments nothing changed on the page.");
    await compare.getByRole("slider", { name: "Later moment" }).press("End");
    await compare.getByRole("slider", { name: "Earlier moment" }).press("End");
    await compare.getByRole("slider", { name: "Earlier moment" }).press("ArrowLeft");
    await compare.getByText("A summary, so that something changes.").waitFor();
    await until("only the last change is left", async () => await compare.getByRole("region", { name: "Budget" }).count() === 0);

    const shared = annika.page.url();
    await annika.goto(new URL(shared).pathname + new URL(shared).search);
    await compare.getByText("A summary, so that something changes.").waitFor();
    annika.isQuiet();
  });

  test("shows the programme as of any day", async () => {
    await annika.goto("/history");
    const { size: whole } = await annika.ask("/v1/views/programme");
    await annika.page.getByRole("img", { name: new RegExp(`^How much happened when\\. ${whole} events between `) }).waitFor();
    const slider = annika.page.getByRole("slider", { name: "Day" });
    await slider.press("Home");
    await until("the first day is shown", async () => address().searchParams.has("day"));
    const { value, size } = await annika.ask(`/v1/views/programme?time=${address().searchParams.get("day")}`);
    await annika.sees(new RegExp(`${size} events had been recorded`));
    const shown = main().getByRole("region", { name: "The programme as it was" });
    for (const count of Object.values(value.partnerships).filter((n) => n > 0)) await shown.getByText(new RegExp(`: ${count}\\b`)).first().waitFor();
    await slider.press("End");
    await until("today is shown", async () => !address().searchParams.has("day"));
    annika.isQuiet();
  });

  test("shows a municipality as of any day, and leads to its partnership of that day", async () => {
    await annika.goto(`/municipalities/${byshiv}/history`);
    const then = main().getByRole("region", { name: "The municipality as it was" });
    await then.getByText("Byshiv").first().waitFor();
    const rows = async () => (await then.getByRole("listitem").allInnerTexts()).length;
    const stood = async (time) => {
      const lists = await Promise.all(["partnerships", "visits", "proposals"].map((list) => annika.ask(`/v1/lists/${list}/${byshiv}?limit=500&time=${time}`)));
      return lists.map(({ total }) => total);
    };
    const sum = (totals) => totals.reduce((all, one) => all + one, 0);
    await until("all that is there today is listed", async () => await rows() === sum(await stood("2100-01-01")));

    const slider = then.getByRole("slider", { name: "Day" });
    await slider.press("Home");
    await until("the first day is in the address", async () => address().searchParams.has("day"));
    await slider.press("ArrowRight");
    const day = () => address().searchParams.get("day");
    // The first day on which there is a partnership and less than there is now.
    await until("a day with a partnership", async () => {
      if (await then.getByRole("link").count() > 0) return true;
      await slider.press("ArrowRight");
      return false;
    });
    const totals = await stood(day());
    assert.ok(sum(totals) < sum(await stood("2100-01-01")), "the day is no different from today");
    await until("what stood then is listed", async () => await rows() === sum(totals));
    await then.getByRole("link").first().click();
    await annika.page.waitForURL(/\/partnerships\/[\w-]+\?time=\d{4}-\d\d-\d\d$/);
    await annika.sees(/As it was on/);
    annika.isQuiet();
  });
});
