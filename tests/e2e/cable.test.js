import assert from "node:assert/strict";
import { after, afterEach, before, suite, test } from "node:test";
import { Cable } from "./support/cable.js";
import { Desk } from "./support/desk.js";
import { eventsOf, feedIsWhole, framesCameOnce } from "./support/feed.js";
import { choose, pick, write } from "./support/forms.js";
import { Server } from "./support/server.js";
import { until } from "./support/until.js";

// Oksana's computer hangs on a cable that can be pulled out; Réka's does not.
suite("a cable that is pulled out", () => {
  let server, cable, oksana, reka;
  const water = "proposal/byshiv-bacsalmas_water";

  before(async () => {
    cable = await Cable.lay();
    server = await Server.start({ origins: [cable.url] });
    cable.leadTo(server.port);
    [oksana, reka] = await Promise.all([
      Desk.of(cable.url, "Oksana Tymchuk"), Desk.of(server.url, "Réka Szendrei"),
    ]);
    await until("Today has its visits, which Visits shows without a network", () =>
      oksana.frames.some(({ type, topic }) => type === "current" && topic.startsWith("visits/")));
    await Promise.all([opensProposal(oksana), opensProposal(reka)]);
  });
  after(async () => {
    await oksana?.close();
    await reka?.close();
    await cable?.remove();
    await server?.stop();
  });
  afterEach(() => cable.plugIn());

  const strip = () => oksana.page.getByTestId("link-strip");
  const budget = (desk) => desk.page.getByRole("region", { name: "Budget" });
  const line = (desk, what) => budget(desk).getByRole("listitem").filter({ hasText: what });

  async function opensProposal(desk) {
    await desk.open("Proposals");
    await desk.page.getByRole("main").getByRole("listitem").getByRole("link", { name: /water supply/ }).click();
    await line(desk, "Pumps, treatment units and generators").waitFor();
  }

  async function addsLine(desk, what, town, amount) {
    await desk.press("Add a budget line");
    const dialog = desk.page.getByRole("dialog");
    await write(dialog, "What for?", what);
    await pick(dialog, "Category", "Equipment");
    await choose(dialog, town);
    await write(dialog, "Amount", amount);
    await desk.press("Save", dialog);
    await desk.seesNo(dialog);
  }

  const linesRecorded = async (what) =>
    (await eventsOf(reka, water)).filter(({ event }) => event.type === "proposal.budget_line_set" && event.data.description === what);

  // Unless the page is quicker: it tries by itself too.
  async function triesNow() {
    const pressed = oksana.press("Try now").catch(() => {});
    await Promise.race([pressed, oksana.isLive()]);
  }

  async function comesBack() {
    await oksana.isLive();
    oksana.isCut = false;
  }

  test("the page says that it is offline and goes on showing what it has", async () => {
    await until("pages that were not opened yet are fetched", () => oksana.page.evaluate(() =>
      performance.getEntriesByType("resource").some(({ name }) => name.includes("/Visits-"))));
    oksana.isCut = true;
    cable.pullOut();
    await oksana.isOffline();
    await oksana.sees("You can read and keep writing");
    await strip().getByText("Nothing waits.").waitFor();

    await line(oksana, "Pumps, treatment units and generators").waitFor();
    await oksana.open("Visits");
    await oksana.page.getByRole("main").getByRole("link", { name: /Waterworks of Bácsalmás/ }).waitFor();
    await oksana.open("Today");
    await opensProposal(oksana);
    await line(oksana, "Pumps, treatment units and generators").waitFor();

    cable.plugIn();
    await triesNow();
    await comesBack();
    await oksana.seesNo(strip().getByText(/No connection/));
    oksana.isQuiet();
  });

  test("a change made offline waits, and when the cable is back it is done once and both have all of the other's", async () => {
    oksana.isCut = true;
    cable.pullOut();
    await oksana.isOffline();

    await addsLine(oksana, "Spare valves", "Byshiv", "1200");
    await line(oksana, "Spare valves").getByText("Saved on this device, waiting").waitFor();
    await strip().getByText("1 change waits").waitFor();
    await addsLine(reka, "Test kits for wells", "Bácsalmás", "3300");
    await reka.press("Edit: Summary");
    await write(reka.page, "Summary", "Clean water for every household of Byshiv.");
    await reka.press("Save");
    await reka.sees("Saved for everyone");
    assert.equal(await line(reka, "Spare valves").count(), 0);
    assert.equal(await line(oksana, "Test kits for wells").count(), 0);
    assert.deepEqual(await linesRecorded("Spare valves"), []);

    cable.plugIn();
    await comesBack();
    await line(reka, "Spare valves").waitFor();
    for (const desk of [oksana, reka]) {
      await line(desk, "Test kits for wells").waitFor();
      await desk.sees("Clean water for every household of Byshiv.");
      assert.equal(await line(desk, "Spare valves").count(), 1);
      assert.equal(await line(desk, "Test kits for wells").count(), 1);
    }
    await oksana.seesNo(oksana.page.getByText("Saved on this device, waiting"));
    assert.equal((await linesRecorded("Spare valves")).length, 1);
    oksana.isQuiet();
    reka.isQuiet();
  });

  test("a form that is sent offline waits where it stands and goes on by itself", async () => {
    await oksana.open("Visits");
    await oksana.page.getByRole("link", { name: "Plan a visit" }).click();
    await oksana.title("Plan a visit");
    oksana.isCut = true;
    cable.pullOut();
    await oksana.isOffline();
    await write(oksana.page, "What is it called?", "Reading the meters together");
    await choose(oksana.page, "Meeting");
    await choose(oksana.page, "EU side");
    await oksana.page.getByRole("group", { name: /^First day/ }).getByRole("textbox", { name: "Year", exact: true }).fill("2031");
    await oksana.press("Plan the visit");
    await oksana.sees("Saved on this device, waiting");

    cable.plugIn();
    await oksana.title("Reading the meters together");
    await comesBack();
    await reka.open("Visits");
    await reka.page.getByRole("main").getByRole("link", { name: "Reading the meters together" }).first().waitFor();
    assert.equal(await reka.page.getByRole("main").getByRole("link", { name: "Reading the meters together" }).count(), 1);
    oksana.isQuiet();
  });

  test("what was refused after the cable came back is told with what was written", async () => {
    await Promise.all([opensProposal(oksana), opensProposal(reka)]);
    oksana.isCut = true;
    cable.pullOut();
    await oksana.isOffline();
    await addsLine(oksana, "A line too late", "Byshiv", "77");

    await reka.press("Ask both mayors to approve");
    await reka.press("Ask for approval", reka.page.getByRole("dialog"));
    await reka.sees("Locked: it waits for approval.");

    cable.plugIn();
    await comesBack();
    await oksana.sees("Locked: it waits for approval.");
    const notice = oksana.page.getByRole("alert").filter({ hasText: "Some changes were not accepted" });
    await notice.getByText("What was written").click();
    await notice.getByText("A line too late").waitFor();
    const names = await notice.locator("dt").allTextContents();
    assert.deepEqual(names, ["What for?", "Category", "Whose cost?", "Amount", "The figure is invented for the demo"]); // as in the form
    assert.equal(await line(oksana, "A line too late").count(), 0);
    assert.deepEqual(await linesRecorded("A line too late"), []);
    await oksana.press("I have read this", notice);
    await oksana.seesNo(notice);
    oksana.isQuiet();
  });

  test("a change whose answer was lost is done once, though it was sent twice", async () => {
    await reka.press("Withdraw the request");
    await write(reka.page.getByRole("dialog"), "Reason", "One line is missing");
    await reka.press("Withdraw the request", reka.page.getByRole("dialog"));
    await oksana.sees("Not asked for yet.");

    oksana.isCut = true;
    const received = oksana.frames.length;
    cable.loseAnswers();
    await oksana.press("Add a budget line");
    const dialog = oksana.page.getByRole("dialog");
    await write(dialog, "What for?", "Lamps for the pump house");
    await pick(dialog, "Category", "Equipment");
    await choose(dialog, "Byshiv");
    await write(dialog, "Amount", "420");
    await oksana.press("Save", dialog);
    await dialog.getByText("On its way…").waitFor();
    await line(reka, "Lamps for the pump house").waitFor();
    await reka.command("visit/byshiv-bacsalmas_silent", "plan_visit", { partnership: "byshiv-bacsalmas", title: "A visit planned in silence", host: "ua", kind: "meeting", from: "2031-05" });

    // Nobody touches anything: the silence itself is noticed.
    await oksana.isOffline();
    await line(oksana, "Lamps for the pump house").getByText("Saved on this device, waiting").waitFor();
    cable.plugIn();
    await comesBack();
    await oksana.seesNo(oksana.page.getByText("Saved on this device, waiting"));
    for (const desk of [oksana, reka]) assert.equal(await line(desk, "Lamps for the pump house").count(), 1);
    assert.equal((await linesRecorded("Lamps for the pump house")).length, 1);

    await Promise.all([oksana.open("Activity"), reka.open("Activity")]);
    await oksana.sees("A visit planned in silence");
    await Promise.all([feedIsWhole(oksana), feedIsWhole(reka)]);
    framesCameOnce(oksana, received);
    oksana.isQuiet();
  });

  test("however often the cable is pulled, every change of both arrives once and in one order", async () => {
    await oksana.goto("/feed");
    await oksana.isLive();
    oksana.isCut = true;
    const wanted = [];
    for (let round = 1; round <= 6; round += 1) {
      cable.pullOut();
      await oksana.isOffline();
      for (const half of ["a", "b", "c"]) {
        const title = `Round ${round}${half}`;
        wanted.push(title);
        await reka.command(`visit/byshiv-bacsalmas_round-${round}${half}`, "plan_visit", { partnership: "byshiv-bacsalmas", title, host: "ua", kind: "meeting", from: "2032" });
      }
      cable.plugIn();
      if (round % 2 === 0) await triesNow();
      await oksana.isLive();
    }
    oksana.isCut = false;
    const feed = oksana.page.getByRole("main").getByRole("listitem");
    await until("all rounds stand in the feed", async () => {
      const told = (await feed.allInnerTexts()).flatMap((text) => /Round \d[abc]/.exec(text) ?? []);
      return JSON.stringify(told) === JSON.stringify([...wanted].reverse());
    });
    await feedIsWhole(oksana);
    framesCameOnce(oksana, 0);
    oksana.isQuiet();
  });
});
