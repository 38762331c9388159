// Erasing for ever, as people do it: what is told and asked before, that it is gone, and what is left.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { Cable } from "./support/cable.js";
import { Desk, openBrowser } from "./support/desk.js";
import { pick, write } from "./support/forms.js";
import { filesWith } from "./support/profile.js";
import { screenshots, Server } from "./support/server.js";
import { lettersOf, Sheet, textOf, topicOf, writesElsewhere } from "./support/texts.js";
import { until } from "./support/until.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const folder = join(screenshots, "erasing");
const path = "/proposals/byshiv-bacsalmas_water";
const proposal = path.split("/")[2];
const address = "Quasar Lane 77";
const remark = "Nobody may know of Zyzzyva";

suite("erasing for ever", () => {
  let server, cable, browser, clara, oksana, reka;

  before(async () => {
    mkdirSync(folder, { recursive: true });
    cable = await Cable.lay();
    [server, browser] = await Promise.all([Server.start({ origins: [cable.url] }), openBrowser()]);
    cable.leadTo(server.port);
    clara = await Desk.of(server.url, "Clara Devreese", { browser, path });
    oksana = await Desk.of(server.url, "Oksana Tymchuk", { browser, path });
    reka = await Desk.of(cable.url, "Réka Szendrei", { browser, path });
  });
  after(async () => { await browser?.close(); await cable?.remove(); await server?.stop(); });

  const dialog = (desk) => desk.page.getByRole("dialog");
  const region = (desk, name) => desk.page.getByRole("region", { name, exact: true });

  async function look(desk, name, part) {
    const { page } = desk;
    const before = page.viewportSize();
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 780 });
      await part?.evaluate((element) => element.scrollIntoView({ block: "center" }));
      await page.screenshot({ path: join(folder, `${name}-${width}.png`) });
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} fits ${width}`);
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] }, resultTypes: ["violations"] }));
      assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`), [], `${name} at ${width}`);
    }
    await page.setViewportSize(before);
  }

  // The server begins a new life: for a moment nobody is connected, and that is no fault.
  async function erases(desk, why = "It was published by mistake", connected = [clara, oksana, reka]) {
    await pick(dialog(desk), "Why?", why);
    await write(dialog(desk), "Confirm", "erase");
    for (const one of [clara, oksana, reka]) one.isCut = true;
    await desk.press("Erase for ever", dialog(desk));
    await desk.page.locator('dialog[data-stage="done"]').waitFor({ timeout: 60_000 });
    await desk.hasFocus("It is erased");
    await desk.sees(dialog(desk).getByText(/^The key was destroyed at .* The server shows nothing of it any more\.$/));
    for (const one of connected) await one.isLive();
  }

  // Nothing is left, nothing is offered, and it says so.
  async function isClosed(desk, name) {
    await desk.sees(region(desk, name).getByText("What this section said was erased, and it is closed: nobody can write here any more."));
    assert.equal(await region(desk, name).getByRole("textbox").count(), 0);
    assert.equal(await region(desk, name).getByRole("button", { name: new RegExp(`^(Edit|Suggest a change|Comment|Give advice|Erase): ${name}$`) }).count(), 0);
  }

  async function reasonOf(stream, type) {
    const { events } = await clara.ask(`/v1/events?stream=${stream}&type=${type}`);
    return events[0].event.data.reason;
  }

  test("is offered to nobody but the secretariat", async () => {
    assert.equal(await oksana.page.getByRole("button", { name: /^Erase/ }).count(), 0);
    await clara.page.getByRole("button", { name: "Erase: Risks" }).waitFor();
    await oksana.open("Proposals").catch(() => {});
    await oksana.goto("/account");
    const part = region(oksana, "Being forgotten");
    await oksana.sees(part.getByText(/^You may ask to be erased\. The secretariat does it/));
    const { actor } = await oksana.ask("/v1/me");
    await oksana.sees(part.getByText(`Tell the secretariat this id when you ask: ${actor}`));
    assert.equal(await part.getByRole("button").count(), 0);
    await oksana.goto(path);
    await oksana.isLive();
  });

  test("tells what goes and what does not, asks twice, and takes no words that name anybody unwarned", async () => {
    const topic = topicOf(proposal, "risks");
    await writesElsewhere(oksana, topic, `\nWhere it stands: ${address}.\nWhat else may happen.`);
    await region(clara, "Risks").getByText(address).waitFor();
    await clara.press("Erase: Risks");
    await clara.sees(dialog(clara).getByText(/^The section is closed: nobody can write in it any more\.$/));
    await look(clara, "text");
    await clara.press("Erase for ever", dialog(clara));
    await clara.sees(dialog(clara).getByText("There is a problem"));
    await pick(dialog(clara), "Why?", "Another reason, in words of your own");
    await clara.sees(dialog(clara).getByText("These words can never be erased. Name nobody, and do not repeat what is to be forgotten."));
    await write(dialog(clara), "Confirm", "yes");
    await write(dialog(clara), "Reason in your words", "A law of the land.");
    await clara.press("Erase for ever", dialog(clara));
    await clara.sees(dialog(clara).getByText("Write “erase” to confirm.").first());
    await look(clara, "text-mistaken");
    await clara.press("Cancel", dialog(clara));
    assert.match(lettersOf((await textOf(clara, topic)).content), new RegExp(address));
  });

  test("removes a paragraph and goes on with what is left, for everybody who looks", async () => {
    const topic = topicOf(proposal, "risks");
    const sheet = new Sheet(oksana, "Risks");
    await sheet.opens();
    await clara.press("Erase: Risks");
    await pick(dialog(clara), "What goes?", `Only: “Where it stands: ${address}.”`);
    await clara.sees(dialog(clara).getByText(/^What is left of the section is written down anew at once, in your name/));
    await look(clara, "passage");
    await erases(clara);
    await look(clara, "done");
    await clara.press("Close", dialog(clara));
    await until("it is gone from both pages", async () => !(await region(clara, "Risks").textContent()).includes(address) && !(await sheet.letters()).includes(address));
    assert.match(lettersOf((await textOf(clara, topic)).content), /What else may happen\./);
    assert.deepEqual(await filesWith(server.data, [address]), []);
    assert.equal(await reasonOf(topic, "text.redacted"), "Це оприлюднили помилково. / It was published by mistake.");
    await sheet.goesToEnd();
    await sheet.types(" And more.");
    await until("people go on writing", async () => lettersOf((await textOf(clara, topic)).content).includes("What else may happen. And more."));
    await sheet.done();
  });

  test("removes what is selected, from a page in Ukrainian too, by the word of that language", async () => {
    const topic = topicOf(proposal, "results");
    await writesElsewhere(oksana, topic, ` ${remark}.`);
    const text = region(clara, "Results");
    await text.getByText(new RegExp(remark)).first().waitFor();
    await oksana.seesNo(text.locator(".fresh")); // what is new is marked for a moment
    await text.evaluate((section, sought) => {
      const walker = document.createTreeWalker(section, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const at = node.data.indexOf(sought);
        if (at < 0) continue;
        getSelection().setBaseAndExtent(node, at, node, at + sought.length);
        return;
      }
    }, remark);
    const bar = clara.page.getByRole("group", { name: "Selected passage" });
    await clara.press("Remove from history for good", bar);
    await clara.sees(dialog(clara).locator("blockquote", { hasText: remark }));
    await erases(clara, "It endangers somebody");
    await clara.page.getByRole("link", { name: "What the log says of it" }).click();
    await clara.page.getByRole("heading", { level: 1 }).waitFor();
    await clara.sees(/Це комусь загрожує\. \/ It endangers somebody\./);
    assert.ok(!lettersOf((await textOf(clara, topic)).content).includes(remark));
    await clara.goto(path);
    await clara.isLive();
    const uk = await Desk.of(server.url, "Clara Devreese", { browser, path: "/people", locale: "uk-UA" });
    await uk.page.getByText("Змінити").first().click();
    await uk.page.getByRole("button", { name: "Стерти", exact: true }).filter({ visible: true }).click();
    await uk.sees(dialog(uk).getByText("Що станеться"));
    await look(uk, "person-uk");
    await uk.close();
  });

  test("erases a whole section, which is closed", async () => {
    const topic = topicOf(proposal, "risks");
    const sheet = new Sheet(oksana, "Risks");
    await sheet.opens();
    await sheet.goesToEnd();
    await clara.press("Erase: Risks");
    await erases(clara, "A court or an authority ordered it");
    await clara.press("Close", dialog(clara));
    await clara.hasFocus("Erased for ever");
    for (const desk of [clara, oksana]) await isClosed(desk, "Risks");
    await oksana.hasFocus("Erased for ever"); // whoever was writing there
    const note = region(oksana, "Risks").getByTestId("erased");
    await oksana.sees(note.getByText("Why: A court or an authority ordered it"));
    await oksana.sees(note.getByText(/^Clara Devreese/));
    await oksana.sees(oksana.page.getByRole("navigation", { name: "Contents" }).getByRole("listitem").filter({ hasText: "Risks" }).getByText("erased"));
    await oksana.sees("Erased: Risks. Approval can be asked for without it.");
    await look(oksana, "closed", note);
    await until("nothing is shown", async () => !(await region(clara, "Risks").textContent()).includes("What else may happen"));
    assert.equal(lettersOf((await textOf(clara, topic)).content), "\n");
    await assert.rejects(writesElsewhere(oksana, topic, "x"), /erased/);
    await oksana.goto(path);
    await isClosed(oksana, "Risks");
    await oksana.press("Verify");
    await oksana.page.locator('[data-testid="verification"][data-verdict="verified"]').first().waitFor(); // with what is gone
    await region(oksana, "Risks").getByRole("link", { name: "What the log says of it" }).click();
    await oksana.sees(/Так вирішив суд або інший орган\. \/ A court or an authority ordered it\./);
    await oksana.goto(path);
    await oksana.isLive();
  });

  test("keeps what its writer had not sent where it can be copied, until it is dismissed", async () => {
    const unsent = " Xylophone: written without a network.";
    const sheet = new Sheet(reka, "Sustainability");
    await sheet.opens();
    await sheet.goesToEnd();
    cable.pullOut();
    reka.isCut = true;
    await reka.isOffline();
    await sheet.types(unsent);
    await until("it is on her device", async () => await region(reka, "Sustainability").locator('[data-state="saved-on-device"]').count() > 0);
    await clara.press("Erase: Sustainability");
    await erases(clara, "It endangers somebody", [clara, oksana]);
    await clara.press("Close", dialog(clara));
    cable.plugIn();
    await reka.isLive();
    reka.isCut = false;
    await isClosed(reka, "Sustainability");
    await reka.sees(sheet.parked.getByText(unsent.trim()));
    await reka.sees(sheet.parked.getByRole("button", { name: "Copy the text" }));
    await look(reka, "unsent", sheet.parked);
    await reka.goto(path);
    await reka.sees(sheet.parked.getByText(unsent.trim()));
    await reka.press("Dismiss", sheet.parked);
    await reka.goto(path);
    await isClosed(reka, "Sustainability");
    assert.equal(await sheet.parked.count(), 0);
  });

  test("keeps a suggestion that was being prepared, too", async () => {
    const sheet = new Sheet(reka, "Target groups");
    await reka.press("Suggest a change: Target groups");
    const copy = reka.page.getByRole("textbox", { name: "Target groups, suggesting" });
    await copy.click();
    await reka.page.keyboard.press("Control+End");
    await reka.page.keyboard.type(" And the schools.");
    await clara.press("Erase: Target groups");
    await erases(clara);
    await clara.press("Close", dialog(clara));
    await isClosed(reka, "Target groups");
    assert.equal(await copy.count(), 0);
    await reka.sees(sheet.parked.getByText("And the schools."));
    await reka.press("Dismiss", sheet.parked);
    await reka.seesNo(sheet.parked);
  });

  test("says of the past what cannot be known of it any more: looking back, comparing, an event, a section's history", async () => {
    const { events } = await clara.ask(`/v1/events?stream=${topicOf(proposal, "risks")}`);
    const [first, erased] = [events[0], events.at(-1)];
    const size = erased.position; // just before it was erased
    await oksana.goto(`${path}?at=${size}`);
    const then = region(oksana, "Risks");
    await oksana.sees(then.getByText("What this section said at that time was erased later."));
    await oksana.sees(then.getByText(/^Clara Devreese/));
    await look(oksana, "past", then);
    await oksana.goto(`${path}/history?from=${size}&to=${size + 1}`);
    const compared = region(oksana, "Risks");
    await oksana.sees(compared.getByText("What this section said was erased, so it cannot be compared."));
    await look(oksana, "compared", compared);
    await oksana.goto(`/events/${first.position}?stream=${topicOf(proposal, "risks")}`);
    await oksana.sees(region(oksana, "What happened").getByText("What was recorded here was erased for ever."));
    await oksana.sees(region(oksana, "What happened").getByText(/^Clara Devreese/));
    await look(oksana, "event");
    await oksana.goto(path);
    await oksana.press("History: Results"); // of which a passage was removed
    const past = region(oksana, "History of this section: Results");
    await past.getByRole("slider", { name: "Revision" }).fill("1");
    await oksana.sees(past.getByText("What this section said at that time was erased later."));
    await look(oksana, "history", past);
    await oksana.press("Back to the text");
  });

  test("says so in Ukrainian, and without a connection", async () => {
    const uk = await Desk.of(cable.url, "Réka Szendrei", { browser, path, locale: "uk-UA" });
    const note = region(uk, "Ризики").getByTestId("erased");
    await uk.sees(note.getByText("Написане в цьому розділі стерто, і його закрито: писати тут більше ніхто не може."));
    await uk.sees(note.getByText("Чому: Так вирішив суд або інший орган"));
    await look(uk, "closed-uk", note);
    await uk.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await uk.goto(path);
    await note.waitFor();
    reka.isCut = uk.isCut = true;
    cable.pullOut();
    await uk.goto(path);
    await note.waitFor();
    assert.equal(await region(uk, "Ризики").getByRole("button").count(), 0);
    await uk.close();
    cable.plugIn();
    await reka.isLive();
    reka.isCut = false;
  });

  test("erases a person: no name in any list, no way in, and the page says what stays", async () => {
    await clara.goto("/people");
    const name = "Gergő Halmos";
    const row = clara.page.getByRole("listitem").filter({ hasText: name });
    await row.locator("summary").click();
    await clara.press("Erase", row);
    await clara.sees(dialog(clara).getByText(`Erase ${name} for ever?`));
    await look(clara, "person");
    await erases(clara, "The person asked for it");
    await look(clara, "person-done");
    await clara.press("Close", dialog(clara));
    await until("the name is gone", async () => await clara.page.getByText(name).count() === 0);
    await clara.page.getByRole("listitem").filter({ hasText: "Réka Szendrei" }).waitFor();
    assert.deepEqual(await filesWith(server.data, [name]), []);
    const { people } = await clara.ask("/v1/demo/people");
    assert.ok(people.every((person) => person.name !== name));
  });

  test("waits for a connection: nothing is erased later", async () => {
    await clara.goto("/account");
    await clara.isLive();
    clara.isCut = oksana.isCut = true;
    await clara.press("Erase me");
    await server.leave();
    await clara.sees(dialog(clara).getByText(/^This needs a connection\. Nothing is erased later/));
    assert.ok(await dialog(clara).getByRole("button", { name: "Erase for ever" }).isDisabled());
    await look(clara, "offline");
    await server.start();
    await clara.isLive();
    assert.ok(await dialog(clara).getByRole("button", { name: "Erase for ever" }).isEnabled());
    await clara.press("Cancel", dialog(clara));
  });
});
