// Erasing for ever, as people do it: what is told and asked before, that it is gone, and what is left.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { Desk, openBrowser } from "./support/desk.js";
import { pick, write } from "./support/forms.js";
import { filesWith } from "./support/profile.js";
import { screenshots, Server } from "./support/server.js";
import { lettersOf, Sheet, textOf, topicOf, writesElsewhere } from "./support/texts.js";
import { until } from "./support/until.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const folder = join(screenshots, "erasing");
const path = "/proposals/byshiv-bacsalmas_water";
const address = "Quasar Lane 77";
const remark = "Nobody may know of Zyzzyva";

suite("erasing for ever", () => {
  let server, browser, clara, oksana;

  before(async () => {
    mkdirSync(folder, { recursive: true });
    [server, browser] = await Promise.all([Server.start(), openBrowser()]);
    clara = await Desk.of(server.url, "Clara Devreese", { browser, path });
    oksana = await Desk.of(server.url, "Oksana Tymchuk", { browser, path });
  });
  after(async () => { await browser?.close(); await server?.stop(); });

  const dialog = (desk) => desk.page.getByRole("dialog");
  const region = (desk, name) => desk.page.getByRole("region", { name, exact: true });

  async function look(desk, name) {
    const { page } = desk;
    const before = page.viewportSize();
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 780 });
      await page.screenshot({ path: join(folder, `${name}-${width}.png`) });
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} fits ${width}`);
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] }, resultTypes: ["violations"] }));
      assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`), [], `${name} at ${width}`);
    }
    await page.setViewportSize(before);
  }

  // The server begins a new life: for a moment nobody is connected, and that is no fault.
  async function erases(desk, why = "It was published by mistake") {
    await pick(dialog(desk), "Why?", why);
    await write(dialog(desk), "Confirm", "erase");
    for (const one of [clara, oksana]) one.isCut = true;
    await desk.press("Erase for ever", dialog(desk));
    await desk.page.locator('dialog[data-stage="done"]').waitFor({ timeout: 60_000 });
    await desk.hasFocus("It is erased");
    await desk.sees(dialog(desk).getByText(/^The key was destroyed at .* The server shows nothing of it any more\.$/));
    for (const one of [clara, oksana]) await one.isLive();
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
    const topic = topicOf("byshiv-bacsalmas_water", "risks");
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
    const topic = topicOf("byshiv-bacsalmas_water", "risks");
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
    const topic = topicOf("byshiv-bacsalmas_water", "results");
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
    const topic = topicOf("byshiv-bacsalmas_water", "risks");
    await clara.press("Erase: Risks");
    await erases(clara, "A court or an authority ordered it");
    await clara.press("Close", dialog(clara));
    await until("nothing is shown", async () => !(await region(clara, "Risks").textContent()).includes("What else may happen"));
    assert.equal(lettersOf((await textOf(clara, topic)).content), "\n");
    await assert.rejects(writesElsewhere(oksana, topic, "x"), /erased/);
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
