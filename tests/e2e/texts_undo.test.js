import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { Desk, openBrowser } from "./support/desk.js";
import { Server } from "./support/server.js";
import { areEqual, Sheet, topicOf } from "./support/texts.js";

suite("undoing", () => {
  let server, browser, oksana, reka, mine, hers;
  const topic = topicOf("byshiv-bacsalmas_water", "sustainability");

  before(async () => {
    [server, browser] = await Promise.all([Server.start(), openBrowser()]);
    const path = "/proposals/byshiv-bacsalmas_water";
    [oksana, reka] = await Promise.all(["Oksana Tymchuk", "Réka Szendrei"].map((name) => Desk.of(server.url, name, { browser, path })));
    [mine, hers] = [new Sheet(oksana, "Sustainability"), new Sheet(reka, "Sustainability")];
    await Promise.all([mine.opens(), hers.opens()]);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const tool = (sheet, name) => sheet.region.getByRole("toolbar").getByRole("button", { name, exact: true });
  const equal = () => areEqual([mine, hers], topic);

  test("takes back only my own typing, also where the other wrote into it, and brings it back", async () => {
    const before = await equal();
    await mine.goesTo(0);
    await mine.types("оксана");
    await equal();
    await hers.goesTo(3);
    await hers.types("REKA");
    assert.equal(await equal(), `оксREKAана${before}`);

    await oksana.page.keyboard.press("Control+z");
    assert.equal(await equal(), `REKA${before}`);
    assert.equal(await tool(mine, "Undo").getAttribute("aria-disabled"), "true");
    await oksana.page.keyboard.press("Control+z");
    assert.equal(await equal(), `REKA${before}`);

    await tool(mine, "Redo").click();
    const again = await equal();
    assert.equal(again.replace("REKA", ""), `оксана${before}`);

    await tool(hers, "Undo").click();
    assert.equal(await equal(), `оксана${before}`);
    await tool(mine, "Undo").click();
    assert.equal(await equal(), before);
  });

  test("leaves standing what the other wrote over a passage that I had deleted", async () => {
    const before = await equal();
    await mine.goesTo(0);
    await oksana.page.keyboard.press("Shift+End");
    await oksana.page.keyboard.press("Delete");
    const without = await equal();
    assert.ok(without.length < before.length);
    await hers.goesTo(0);
    await hers.types("Meanwhile: ");
    await equal();
    await oksana.page.keyboard.press("Control+z");
    const letters = await equal();
    assert.equal(letters.replace("Meanwhile: ", ""), before);
    for (const desk of [oksana, reka]) desk.isQuiet();
  });
});
