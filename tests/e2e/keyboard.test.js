import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { Desk } from "./support/desk.js";
import { Server } from "./support/server.js";
import { until } from "./support/until.js";

// Nothing here touches the mouse, nor any element but through the keys.
suite("the keyboard alone", () => {
  let server, browser;
  const tabs_max = 140;
  const titles = ["Objective", "Needs and relevance", "Target groups", "Partnership", "Activities", "Results", "Risks", "Sustainability"];

  before(async () => { server = await Server.start(); });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  // What has the focus, as a reader of the screen hears it, and whether an outline shows it.
  const focused = (desk) => desk.page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return { name: "", shown: true };
    const label = element.labels?.[0]?.innerText ?? "";
    const group = element.closest("fieldset")?.querySelector("legend")?.innerText ?? "";
    const name = [group, element.getAttribute("aria-label") ?? (label || element.innerText || "")].filter(Boolean).join(": ").replace(/\s+/g, " ").trim();
    const isVisible = (one) => {
      const style = getComputedStyle(one);
      return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    };
    const box = element.getBoundingClientRect();
    const isOnScreen = box.bottom > 0 && box.top < innerHeight && box.width > 0;
    const isInsideIt = !element.matches(":focus"); // such as a date's calendar button, which the browser outlines itself
    return { name, shown: (isInsideIt || isVisible(element) || (element.parentElement !== null && isVisible(element.parentElement))) && isOnScreen };
  });

  // Tabs on until what is named has the focus. Every stop on the way must be visible.
  async function tabTo(desk, name) {
    const passed = [];
    for (let tab = 0; tab < tabs_max; tab += 1) {
      await desk.page.keyboard.press("Tab");
      const now = await focused(desk);
      assert.ok(now.shown, `the focus on “${now.name}” is not visible`);
      if (typeof name === "string" ? now.name === name : name.test(now.name)) return;
      passed.push(now.name);
    }
    assert.fail(`the keyboard does not reach ${name}; it passed ${passed.join(" | ")}`);
  }

  const enter = (desk) => desk.page.keyboard.press("Enter");
  const type = (desk, text) => desk.page.keyboard.type(text);
  const space = (desk) => desk.page.keyboard.press("Space");

  // Until all that can be reached is there: what comes later moves the rest about.
  const isThere = (desk) => until("every section can be written in", async () =>
    await desk.page.getByRole("button", { name: new RegExp(`^Edit: (${titles.join("|")})$`), disabled: false }).count() === titles.length);

  async function signsIn(name) {
    const desk = await Desk.open(server.url, { browser });
    await desk.goto("/");
    await desk.page.getByRole("button", { name: new RegExp(`^${name}`) }).waitFor();
    await tabTo(desk, new RegExp(`Find a municipality`));
    await type(desk, name);
    await tabTo(desk, new RegExp(`^${name}`));
    await enter(desk);
    await desk.isLive();
    await desk.title("Today");
    return desk;
  }

  test("leads from signing in over drafting and writing a proposal to both signatures", async () => {
    const first = await Desk.open(server.url);
    browser = first.browser;
    await first.context.close();

    const oksana = await signsIn("Oksana Tymchuk");
    await tabTo(oksana, "Proposals");
    await enter(oksana);
    await oksana.title("Proposals");
    await tabTo(oksana, "Draft a proposal");
    await enter(oksana);
    await oksana.title("Draft a proposal");
    await tabTo(oksana, "Title");
    await type(oksana, "Typed from end to end");
    await tabTo(oksana, /Energy$/);
    await space(oksana);
    await tabTo(oksana, /^Summary/);
    await type(oksana, "Written without a mouse.");
    await tabTo(oksana, "Start the draft");
    await enter(oksana);
    await oksana.title("Typed from end to end");

    await tabTo(oksana, "Add a budget line");
    await enter(oksana);
    await oksana.page.getByRole("dialog").waitFor();
    await tabTo(oksana, "What for?");
    await type(oksana, "Solar panels");
    await tabTo(oksana, "Category");
    await type(oksana, "Equip");
    await tabTo(oksana, /^Whose cost\?/);
    await space(oksana);
    await tabTo(oksana, "Amount");
    await type(oksana, "5000");
    await enter(oksana);
    await oksana.page.getByRole("dialog").waitFor({ state: "detached" });
    assert.equal((await focused(oksana)).name, "Add a budget line", "the focus returns to where the dialog was opened");
    await oksana.sees("Solar panels");

    for (const title of titles) {
      await tabTo(oksana, `Edit: ${title}`);
      await enter(oksana);
      await oksana.page.getByRole("textbox", { name: title, exact: true }).and(oksana.page.locator(":focus")).waitFor();
      await type(oksana, `What is written under ${title}.`);
      await oksana.page.keyboard.press("Escape");
      await until("the focus is on the button that closes the text", async () => (await focused(oksana)).name === "Done");
      await enter(oksana);
      await until("the focus is back where writing began", async () => (await focused(oksana)).name === `Edit: ${title}`);
    }

    await tabTo(oksana, "Ask both mayors to approve");
    await enter(oksana);
    await tabTo(oksana, "Ask for approval");
    await enter(oksana);
    await oksana.sees("Locked: it waits for approval.");

    for (const name of ["Ostap Verbovyi", "Gergő Halmos"]) {
      const mayor = await signsIn(name);
      await mayor.page.getByRole("heading", { name: "Sign “Typed from end to end”" }).waitFor();
      await tabTo(mayor, "Approve version 1: Sign “Typed from end to end”");
      await enter(mayor);
      await oksana.page.getByRole("region", { name: "Approval" }).getByText(name).waitFor();
      mayor.isQuiet();
      await mayor.context.close();
    }
    await oksana.page.getByRole("button", { name: "Submit to a funder" }).waitFor();
    oksana.isQuiet();
    await oksana.context.close();
  });

  test("formats a text from a toolbar that is one stop of Tab, with arrow keys, Home and End", async () => {
    const desk = await Desk.of(server.url, "Oksana Tymchuk", { browser, path: "/proposals/byshiv-bacsalmas_water" });
    const { keyboard } = desk.page;
    const pressed = (name) => desk.page.getByRole("toolbar").getByRole("button", { name, exact: true }).getAttribute("aria-pressed");
    const has = (name) => until(`“${name}” has the focus`, async () => (await focused(desk)).name === name);
    await isThere(desk);
    await tabTo(desk, "Edit: Objective");
    await enter(desk);
    await has("Objective");
    await keyboard.press("Shift+Home");
    await keyboard.press("Shift+Tab");
    await has("Bold");
    for (const [key, name] of [["ArrowRight", "Italic"], ["End", "Redo"], ["ArrowRight", "Bold"], ["ArrowLeft", "Redo"], ["Home", "Bold"]]) {
      await keyboard.press(key);
      await has(name);
    }
    await space(desk);
    await until("bold is pressed", async () => await pressed("Bold") === "true");
    await has("Objective"); // a format leads back to the text, with the selection as it was
    await keyboard.press("Shift+Tab");
    await has("Bold");
    await keyboard.press("ArrowRight");
    await keyboard.press("ArrowRight");
    await has("Underline");
    await enter(desk);
    await until("underline is pressed", async () => await pressed("Underline") === "true");
    await has("Objective");

    await keyboard.press("Shift+Tab");
    await has("Underline");
    await keyboard.press("Tab");
    await has("Objective");
    await keyboard.press("Tab");
    await has("Done");
    await enter(desk);
    await has("Edit: Objective");
    await desk.page.getByRole("region", { name: "Objective", exact: true }).locator("strong .lined").first().waitFor();
    desk.isQuiet();
    await desk.context.close();
  });

  test("comments, replies, suggests, accepts, asks who wrote a passage, looks back, names a version and restores", async () => {
    const desk = await Desk.of(server.url, "Oksana Tymchuk", { browser, path: "/proposals/byshiv-bacsalmas_water" });
    const { page } = desk;
    const closed = () => page.getByRole("dialog").waitFor({ state: "detached" });
    await isThere(desk);
    await tabTo(desk, "Comment: Partnership");
    await enter(desk);
    await tabTo(desk, "Your comment");
    await type(desk, "Who signs for the engineers?");
    await tabTo(desk, "Comment");
    await enter(desk);
    await closed();
    await page.getByRole("region", { name: "Comments: Partnership" }).getByText("Who signs for the engineers?").waitFor();
    await tabTo(desk, "Reply");
    await enter(desk);
    await tabTo(desk, "Your reply");
    await type(desk, "Their mayor.");
    await tabTo(desk, "Reply");
    await enter(desk);
    await closed();
    await desk.sees("Their mayor.");

    await tabTo(desk, "Suggest a change: Partnership");
    await enter(desk);
    await page.getByRole("textbox", { name: /^Partnership, suggesting$/i }).and(page.locator(":focus")).waitFor();
    await type(desk, " Both mayors sign.");
    await page.keyboard.press("Escape");
    await until("the focus is on what proposes it", async () => (await focused(desk)).name === "Propose the change");
    await enter(desk);
    await tabTo(desk, "Propose the change");
    await enter(desk);
    await closed();
    await page.getByRole("region", { name: "Suggested changes: Partnership" }).getByRole("insertion").getByText("Both mayors sign.").waitFor();

    await tabTo(desk, "Accept"); // what the other side suggests for the results
    await enter(desk);
    await page.getByRole("region", { name: "Results", exact: true }).getByText(/within four years/).first().waitFor();

    await tabTo(desk, "Edit: Partnership");
    await enter(desk);
    await page.getByRole("textbox", { name: "Partnership", exact: true }).and(page.locator(":focus")).waitFor();
    await page.keyboard.press("Shift+Control+Home");
    await tabTo(desk, "Who wrote this?");
    await enter(desk);
    await page.getByRole("region", { name: "Who wrote this passage" }).getByText(/^Oksana Tymchuk/).first().waitFor();
    await tabTo(desk, "Back to the text");
    await enter(desk);

    await tabTo(desk, "History: Partnership");
    await enter(desk);
    await page.getByRole("slider", { name: "Revision" }).waitFor();
    await tabTo(desk, "Revision");
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowRight");
    await desk.sees(/^Revision 1 of \d+$/);
    await tabTo(desk, "Name this version");
    await enter(desk);
    await tabTo(desk, "Name");
    await type(desk, "the first words");
    await enter(desk);
    await closed();
    await tabTo(desk, "Restore “the first words”");
    await enter(desk);
    await tabTo(desk, "Restore");
    await enter(desk);
    await closed();
    desk.isQuiet();
    await desk.context.close();
  });

  test("leaves a dialog by Escape, with the focus where it was", async () => {
    const desk = await Desk.of(server.url, "Oksana Tymchuk", { browser, path: "/proposals/byshiv-bacsalmas_water" });
    await desk.sees("Add a source");
    await tabTo(desk, "Add a source");
    await enter(desk);
    await desk.page.getByRole("dialog").waitFor();
    await desk.page.keyboard.press("Escape");
    await desk.page.getByRole("dialog").waitFor({ state: "detached" });
    await until("the focus is where it was", async () => (await focused(desk)).name === "Add a source");
    await desk.context.close();
  });

  test("skips to the content", async () => {
    const desk = await Desk.of(server.url, "Oksana Tymchuk", { browser });
    await desk.goto("/");
    await desk.page.keyboard.press("Tab");
    assert.equal((await focused(desk)).name, "Skip to the content");
    await enter(desk);
    assert.equal((await focused(desk)).name, "Today");
    await desk.context.close();
  });

  test("moves time with the arrows", async () => {
    const desk = await Desk.of(server.url, "Annika Leclair", { browser, path: "/proposals/byshiv-bacsalmas_water" });
    await desk.sees("This is the page now.");
    await tabTo(desk, "Time");
    await desk.page.keyboard.press("ArrowLeft");
    await desk.sees(/^As it was on/);
    await tabTo(desk, "Back to now");
    await enter(desk);
    await desk.sees("This is the page now.");
    await desk.context.close();
  });

  test("finds anything by Ctrl-K, in either script, and comes back by Escape", async () => {
    const desk = await Desk.of(server.url, "Oksana Tymchuk", { browser });
    const { page } = desk;
    const finder = page.getByRole("combobox", { name: "Find anything" });
    for (const [typed, title] of [
      ["bacsal water", "New water supply and wastewater management infrastructure"], ["waterworks of", /Waterworks of Bácsalmás/],
      ["бишів", "Byshiv – Bácsalmás"], ["activ", "Activity"], ["munici", "Municipalities"],
    ]) {
      await page.keyboard.press("Control+k");
      await finder.waitFor();
      await type(desk, typed);
      await page.getByRole("dialog").getByRole("option").first().waitFor();
      await enter(desk);
      await desk.title(title);
      await until("the finder is gone", async () => await finder.count() === 0);
    }
    await page.keyboard.press("Control+k");
    await type(desk, "a");
    const options = page.getByRole("dialog").getByRole("option");
    await options.nth(2).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    assert.equal(await options.nth(2).getAttribute("aria-selected"), "true");
    await page.keyboard.press("Escape");
    await until("the finder is gone", async () => await finder.count() === 0);
    await desk.title("Municipalities");
    desk.isQuiet();
    await desk.context.close();
  });
});
