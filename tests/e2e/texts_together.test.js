import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { Desk, openBrowser } from "./support/desk.js";
import { screenshots, Server } from "./support/server.js";
import { areEqual, Sheet, textOf, times, topicOf, writesElsewhere } from "./support/texts.js";
import { until } from "./support/until.js";

// Oksana at a phone in Ukrainian and Réka at a wide screen in English have the same section open.
suite("two people in the same sentence", () => {
  let server, browser, oksana, reka, hers, mine;
  const topic = topicOf("byshiv-bacsalmas_water", "needs");

  before(async () => {
    [server, browser] = await Promise.all([Server.start(), openBrowser()]);
    [oksana, reka] = await Promise.all([
      Desk.of(server.url, "Oksana Tymchuk", { browser, locale: "uk-UA", width: 360, height: 740, path: "/proposals/byshiv-bacsalmas_water" }),
      Desk.of(server.url, "Réka Szendrei", { browser, path: "/proposals/byshiv-bacsalmas_water" }),
    ]);
    mine = new Sheet(oksana, "Потреби й актуальність", "uk");
    hers = new Sheet(reka, "Needs and relevance");
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const sheets = () => [mine, hers];

  test("both open it and each is told that the other is there", async () => {
    await Promise.all(sheets().map((sheet) => sheet.opens()));
    await mine.region.getByRole("list", { name: "Зараз тут:" }).getByText("Réka Szendrei, Bácsalmás").waitFor();
    await hers.region.getByRole("list", { name: "Here now:" }).getByText("Oksana Tymchuk, Byshiv").waitFor();
  });

  test("each sees the other's letters as they come, at a cursor with the other's name", async () => {
    await hers.goesTo(5);
    await hers.types("X");
    await mine.flags.getByText("Réka Szendrei").waitFor();
    await mine.box.getByText(/^Only X11 %/).waitFor();
    await reka.page.keyboard.press("Backspace");

    await mine.goesTo(0);
    await mine.types("Ї");
    await hers.flags.getByText("Oksana Tymchuk").waitFor();
    await hers.box.getByText(/^ЇOnly 11 %/).waitFor();
    await oksana.page.keyboard.press("Backspace");
    await areEqual(sheets(), topic);
  });

  test("both type in one sentence at once, letter by letter, and both end with the server's text", async () => {
    const before = await areEqual(sheets(), topic);
    await Promise.all([hers.goesTo("Only 11 %".length), mine.goesTo("Only 11 % of households".length)]);
    const [ofMine, ofHers] = [" Бишівської громади, від Мостища до Ярошівки,", " (measured twice, in March and in September)"];
    await Promise.all([mine.types(ofMine, 40), hers.types(ofHers, 40)]);
    const letters = await areEqual(sheets(), topic);
    assert.equal(letters, before.replace("Only 11 % of households", `Only 11 %${ofHers} of households${ofMine}`));

    await Promise.all([mine.flags.getByText("Réka Szendrei"), hers.flags.getByText("Oksana Tymchuk")].map((flag) => flag.waitFor()));
    await pictures();
  });

  test("both type at the very same place, and take away what the other is writing in", async () => {
    await Promise.all(sheets().map((sheet) => sheet.goesTo(4)));
    await Promise.all([mine.types("Дністер".repeat(4), 20), hers.types("Danube".repeat(5), 20)]);
    const letters = await areEqual(sheets(), topic);
    const inserted = letters.slice(4, letters.indexOf(" 11 %"));
    assert.equal(inserted.replace(/[a-z]/gi, ""), "Дністер".repeat(4));
    assert.equal(inserted.replace(/[^a-z]/gi, ""), "Danube".repeat(5));

    await Promise.all(sheets().map((sheet) => sheet.goesTo(4)));
    await reka.page.keyboard.press("Shift+End");
    await Promise.all([reka.page.keyboard.press("Delete"), mine.types("ТутБулаЯ", 10)]);
    const left = await areEqual(sheets(), topic);
    assert.ok(left.length < letters.length);
    assert.equal(times(left, "ТутБулаЯ"), 1, left);
  });

  test("two people's formats of one passage stand together", async () => {
    await writesElsewhere(reka, topic, "\nbold and italic");
    await hers.box.getByText("bold and italic").waitFor();
    for (const desk of [oksana, reka]) {
      await desk.page.keyboard.press("Control+End");
      await desk.page.keyboard.press("Shift+Home");
    }
    await Promise.all([oksana.page.keyboard.press("Control+b"), reka.page.keyboard.press("Control+i")]);
    await until("both formats are the server's", async () => {
      const { content } = await textOf(oksana, topic);
      const attributes = content.find(({ insert }) => insert.includes("bold and italic"))?.attributes;
      return attributes?.bold === true && attributes.italic === true;
    });
    await areEqual(sheets(), topic);
    for (const { box } of sheets()) assert.equal(await box.locator("strong em, em strong").count(), 1);
  });

  test("who closes the text is there no more, and nobody's page complained", async () => {
    await mine.done();
    await reka.seesNo(hers.region.getByRole("list", { name: "Here now:" }));
    await reka.seesNo(hers.region.locator(".ql-cursor"));
    for (const desk of [oksana, reka]) desk.isQuiet();
  });

  async function pictures() {
    mkdirSync(screenshots, { recursive: true });
    for (const [name, sheet] of [["writing-phone", mine], ["writing", hers]]) {
      await sheet.region.evaluate((section) => section.scrollIntoView());
      await sheet.desk.page.screenshot({ path: join(screenshots, `${name}.png`) });
    }
  }
});
