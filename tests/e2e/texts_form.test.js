import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { Cable } from "./support/cable.js";
import { Desk, openBrowser } from "./support/desk.js";
import { write } from "./support/forms.js";
import { Server } from "./support/server.js";
import { fillsForm, lettersOf, sections, Sheet, textOf, topicOf, writesElsewhere } from "./support/texts.js";

// A new proposal. Oksana's computer hangs on a cable that can be pulled out; Réka's does not.
suite("the form of a proposal", () => {
  let server, cable, browser, oksana, reka;
  const id = "byshiv-bacsalmas_eight-sections", stream = `proposal/${id}`, path = `/proposals/${id}`;

  before(async () => {
    cable = await Cable.lay();
    [server, browser] = await Promise.all([Server.start({ origins: [cable.url] }), openBrowser()]);
    cable.leadTo(server.port);
    [oksana, reka] = await Promise.all([Desk.of(cable.url, "Oksana Tymchuk", { browser }), Desk.of(server.url, "Réka Szendrei", { browser })]);
    await reka.command(stream, "draft_proposal", { partnership: "byshiv-bacsalmas", title: "Eight sections", sectors: ["water_supply"], summary: "All of it." });
    await reka.command(stream, "set_budget_line", { line: "l-1", category: "staff", partner: "HU_10719", description: "People", amount: 100, currency: "EUR" });
    await Promise.all([oksana, reka].map(async (desk) => { await desk.goto(path); await desk.isLive(); }));
  });
  after(async () => {
    await browser?.close();
    await cable?.remove();
    await server?.stop();
  });

  const approval = (desk) => desk.page.getByRole("region", { name: "Approval" });
  const ask = (desk) => desk.page.getByRole("button", { name: "Ask both mayors to approve" });
  const dialog = (desk) => desk.page.getByRole("dialog");

  test("tells a new proposal that it lacks eight sections", async () => {
    const lacking = ["Objective", "Needs and relevance", "Target groups", "Partnership", "Activities", "Results", "Risks", "Sustainability"];
    for (const desk of [oksana, reka]) {
      await approval(desk).getByText(`Before asking for approval it needs ${lacking.map((title) => `the section “${title}”`).join(", ")}.`).waitFor();
      assert.equal(await desk.page.getByRole("navigation", { name: "Contents" }).getByText("empty").count(), 8);
      assert.equal(await ask(desk).count(), 0);
    }
  });

  test("tells by how much a section is over its limit, and lets approval be asked for only when it fits", async () => {
    await fillsForm(reka, id, sections.slice(1));
    const sheet = new Sheet(reka, "Objective");
    await sheet.opens();
    await reka.page.keyboard.insertText("Clean water. ".repeat(155)); // 2,015 of 2,000
    await sheet.region.getByText("2,015 of 2,000 characters: 15 characters too many").waitFor();
    for (const desk of [oksana, reka]) {
      await approval(desk).getByText("Too long for approval: Objective.").waitFor();
      assert.equal(await ask(desk).count(), 0);
    }
    await assert.rejects(reka.command(stream, "ask_approval", {}), /too_long/);
    for (let step = 0; step < 15; step += 1) await reka.page.keyboard.press("Backspace");
    await sheet.region.getByText("2,000 of 2,000 characters").waitFor();
    for (const desk of [oksana, reka]) await ask(desk).waitFor();
    await sheet.done();
  });

  test("while it is locked nobody writes, and what was written offline is kept aside with its text to copy", async () => {
    const mine = new Sheet(oksana, "Risks"), hers = new Sheet(reka, "Risks");
    await Promise.all([mine.opens(), hers.opens()]);
    oksana.isCut = true;
    cable.pullOut();
    await oksana.isOffline();
    await mine.types(" Written on the train.");
    await mine.is("saved-on-device");

    await ask(reka).click();
    await reka.press("Ask for approval", dialog(reka));
    await reka.sees("Locked: it waits for approval.");
    await hers.box.waitFor({ state: "detached" });
    assert.equal(await reka.page.getByRole("button", { name: /^Edit: / }).count(), 0);
    assert.equal(await reka.page.getByRole("button", { name: "Comment: Risks" }).count(), 1);

    cable.plugIn();
    await oksana.isLive();
    oksana.isCut = false;
    await mine.parked.getByText("Written on the train.").waitFor();
    await mine.parked.getByText(/locked while it waits for approval/i).waitFor();
    await mine.box.waitFor({ state: "detached" });
    await oksana.context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await oksana.press("Copy the text", mine.parked);
    await mine.parked.getByText("Copied").waitFor();
    assert.equal(await oksana.page.evaluate(() => navigator.clipboard.readText()), " Written on the train.");
    assert.equal(lettersOf((await textOf(reka, topicOf(id, "risks"))).content), "Written in risks.\n");
    await assert.rejects(writesElsewhere(reka, topicOf(id, "risks"), "Late."), /locked/);
  });

  test("what was put aside outlives closing the page, until it is dismissed", async () => {
    await oksana.page.close();
    oksana = await oksana.tab(path);
    const mine = new Sheet(oksana, "Risks");
    await mine.parked.getByText("Written on the train.").waitFor();
    await oksana.press("Dismiss", mine.parked);
    await oksana.seesNo(mine.parked);
  });

  test("withdrawing the request unlocks it, and writing goes on", async () => {
    await reka.press("Withdraw the request");
    await write(dialog(reka), "Reason", "One risk is missing");
    await reka.press("Withdraw the request", dialog(reka));
    const mine = new Sheet(oksana, "Risks");
    await mine.opens();
    await mine.types(" Floods.");
    await new Sheet(reka, "Risks").region.getByText("Written in risks. Floods.").waitFor();
    for (const desk of [oksana, reka]) assert.deepEqual(desk.problems, []);
  });
});
