import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { Desk } from "./support/desk.js";
import { dayFromNow } from "./support/forms.js";
import { Server } from "./support/server.js";
import { until } from "./support/until.js";

const sections = ["objective", "needs", "target_groups", "partnership", "activities", "results", "risks", "sustainability"];

suite("the auditor", () => {
  let server, annika, oksana;

  before(async () => {
    server = await Server.start();
    annika = await Desk.of(server.url, "Annika Leclair");
    oksana = await Desk.of(server.url, "Oksana Tymchuk", { browser: annika.browser });
  });
  after(async () => {
    await oksana?.close();
    await annika?.close();
    await server?.stop();
  });

  const main = () => annika.page.getByRole("main");
  const events = () => main().locator("ol.rows > li");
  const field = (label) => main().getByLabel(label, { exact: true });
  const slider = () => annika.page.getByRole("slider", { name: "Time" });
  const address = () => new URL(annika.page.url());

  // The steps of an entity's time bar: its events, and of a proposal what was written in its texts in one go.
  async function momentsOf(stream) {
    const { events: own } = await annika.ask(`/v1/events?stream=${stream}&limit=500`);
    const moments = own.map(({ position, event }) => ({ position, time: event.time }));
    for (const section of stream.startsWith("proposal/") ? sections : []) {
      const { bursts } = await annika.ask(`/v1/texts/${stream}/${section}/bursts`);
      moments.push(...bursts.map(({ position, until: time }) => ({ position, time })));
    }
    return moments.sort((a, b) => a.position - b.position);
  }

  // The page lists what the server answers to the same question.
  async function listsAsTheServer(question) {
    const { events: wanted } = await annika.ask(`/v1/events?${new URLSearchParams({ ...question, before: "9007199254740991", limit: "50" })}`);
    const positions = wanted.map(({ position }) => `Position ${position}`).sort();
    await until(`the page lists what answers ${JSON.stringify(question)}`, async () => {
      const shown = (await events().allInnerTexts()).map((text) => /Position \d+/.exec(text)?.[0]).sort();
      return JSON.stringify(shown) === JSON.stringify(positions);
    });
    return wanted;
  }

  test("lists every event, the newest first, and goes on to older ones", async () => {
    await annika.open("History");
    await listsAsTheServer({});
    const positions = (await events().allInnerTexts()).map((text) => Number(/Position (\d+)/.exec(text)[1]));
    assert.deepEqual(positions, positions.toSorted((a, b) => b - a));
    await annika.press("Show more");
    await until("a second page stands below", async () => await events().count() === 100);
    annika.isQuiet();
  });

  test("filters by what happened, where, who and when, and by all of them", async () => {
    const question = {};
    const asks = async (name, value, fill) => {
      await fill();
      await annika.press("Show");
      question[name] = value;
      const found = await listsAsTheServer(question);
      assert.ok(found.length > 0, `nothing answers ${JSON.stringify(question)}`);
      assert.equal(address().searchParams.get(name), value);
      return found;
    };
    const since = dayFromNow(-21), until_ = dayFromNow(-10);
    await asks("type", "proposal.budget_line_set", () => field("What happened").selectOption("proposal.budget_line_set"));
    await asks("stream", "proposal/byshiv-bacsalmas_water", () => field("Where").fill("proposal/byshiv-bacsalmas_water"));
    const { people } = await annika.ask("/v1/demo/people");
    const { actor } = people.find(({ name }) => name === "Oksana Tymchuk");
    await asks("actor", actor, () => field("Who").selectOption({ label: "Oksana Tymchuk, Byshiv" }));
    await asks("since", since, () => field("From").fill(since));
    const found = await asks("until", until_, () => field("Until").fill(until_));
    assert.ok(found.every(({ event }) => event.type === "proposal.budget_line_set" && event.subject === "proposal/byshiv-bacsalmas_water"
      && event.actor === actor && event.time.slice(0, 10) >= since && event.time.slice(0, 10) <= until_));

    await annika.page.reload();
    await listsAsTheServer(question);
    await annika.press("Clear filters");
    await listsAsTheServer({});
    assert.equal(address().search, "");
    assert.deepEqual(annika.problems, []);
  });

  test("opens an event and the page as it was just after it", async () => {
    await annika.goto("/history?type=proposal.budget_line_set&stream=proposal/byshiv-bacsalmas_water");
    await events().first().locator("summary").click();
    const position = Number(/Position (\d+)/.exec(await events().first().innerText())[1]);
    await events().first().getByRole("link", { name: "Open the event" }).waitFor();
    await events().first().getByRole("link", { name: "See the page as it was then" }).click();
    await annika.title(/water supply/);
    assert.equal(address().searchParams.get("at"), String(position + 1));
    await annika.sees(/^As it was on/);
    await annika.press("Back to now");
    await annika.sees("This is the page now.");
    annika.isQuiet();
  });

  for (const { kind, path, stream, name } of [
    { kind: "a partnership", path: "/partnerships/byshiv-bacsalmas", stream: "partnership/byshiv-bacsalmas", name: "Byshiv – Bácsalmás" },
    { kind: "a visit", path: "/visits/solotvyno-2022", stream: "visit/solotvyno-2022", name: "Solotvyno delegation in Soľ" },
    { kind: "a proposal", path: "/proposals/byshiv-bacsalmas_water", stream: "proposal/byshiv-bacsalmas_water", name: "New water supply and wastewater management infrastructure" },
  ]) {
    test(`sees ${kind} as of every position with the slider, as of a date, and now again`, async () => {
      await annika.goto(path);
      await annika.title(name);
      const moments = await momentsOf(stream);
      await until("the slider spans the entity's events and what was written in its texts", async () => await slider().getAttribute("max") === String(moments.length));
      await annika.sees("This is the page now.");
      await until("every text is there", async () => await main().getByTestId("text-state").count() === 0);
      const now = await main().innerText();

      const isAt = (step) => annika.sees(`change ${step} of ${moments.length}, Position ${moments[step - 1].position}`);
      await slider().press("Home");
      await isAt(1);
      assert.equal(address().searchParams.get("at"), String(moments[0].position + 1));
      for (let step = 2; step < moments.length; step += 1) {
        await slider().press("ArrowRight");
        await isAt(step);
      }
      await annika.press("Earlier");
      await isAt(Math.max(1, moments.length - 2));
      await annika.sees("You see the past.");
      assert.equal(await main().getByRole("button", { name: /^(Edit|Add|Correct|Confirm|Postpone|Withdraw)/ }).count(), 0, "the past can be acted upon");
      await annika.press("Back to now");
      await annika.sees("This is the page now.");
      assert.equal(address().search, "");
      await until("the page is as it was before looking back", async () => await main().innerText() === now);

      const day = moments[0].time.slice(0, 10);
      const onThatDay = moments.filter(({ time }) => time.slice(0, 10) <= day).length;
      await annika.page.getByLabel("Go to a date").fill(day);
      await annika.sees(/^As it was on/);
      await annika.sees(`change ${onThatDay} of ${moments.length}`);
      assert.equal(address().searchParams.get("time"), day);

      await annika.page.getByLabel("Go to a date").fill("2021-05-01");
      await annika.sees("It did not exist yet on that day.");
      await annika.press("Back to now");
      await annika.sees("This is the page now.");
      annika.isQuiet();
    });
  }

  test("reads what a proposal said then: its lines, its text and its approval", async () => {
    const before = dayFromNow(-14);
    await annika.goto(`/proposals/byshiv-bacsalmas_water?time=${before}`);
    await annika.sees(/^As it was on/);
    const budget = main().getByRole("region", { name: "Budget" });
    await budget.getByText("Hydrogeological survey and water quality analysis", { exact: true }).waitFor();
    assert.equal(await budget.getByText("Pumps, treatment units and generators").count(), 0);
    await annika.press("Back to now");
    await budget.getByText("Pumps, treatment units and generators").waitFor();
    annika.isQuiet();
  });

  test("is not moved out of the past by what happens now, and finds it on the way back", async () => {
    await annika.goto("/proposals/byshiv-bacsalmas_water");
    await annika.sees("This is the page now.");
    await slider().press("Home");
    await annika.sees(/^change 1 of/);
    await oksana.command("proposal/byshiv-bacsalmas_water", "edit_proposal", { summary: "Written while the auditor looked back." });
    const count = (await momentsOf("proposal/byshiv-bacsalmas_water")).length;
    await annika.sees(`change 1 of ${count}`);
    assert.equal(await annika.page.getByText("Written while the auditor looked back.").count(), 0);
    await annika.press("Back to now");
    await annika.sees("Written while the auditor looked back.");
    annika.isQuiet();
  });

  test("may read everything and change nothing", async () => {
    for (const path of ["/proposals/byshiv-bacsalmas_water", "/visits/byshiv-bacsalmas_waterworks", "/partnerships/byshiv-bacsalmas"]) {
      await annika.goto(path);
      await annika.sees("Recorded facts");
      assert.equal(await main().getByRole("button", { name: /^(Edit|Add|Correct|Confirm|Postpone|Withdraw|Ask|End)/ }).count(), 0, path);
    }
    await assert.rejects(annika.command("proposal/byshiv-bacsalmas_water", "edit_proposal", { title: "Mine" }), /not_allowed|may_not/);
  });

  test("has a page of history that others are not shown", async () => {
    await oksana.goto("/history");
    await oksana.sees("The whole history is for auditors and the secretariat.");
    assert.equal(await oksana.page.getByRole("main").getByRole("listitem").count(), 0);
    oksana.isQuiet();
  });
});
