import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Desk } from "./support/desk.js";
import { Server } from "./support/server.js";
import { until } from "./support/until.js";

const towns = 1_200;

// A register with many towns, so that the log is longer than a page should hold.
function manyTowns(folder) {
  const [header, first] = readFileSync(fileURLToPath(new URL("registers/hromadas.csv", import.meta.url)), "utf8").split("\n");
  const code = /UA\d{17}/.exec(first)[0];
  const rows = Array.from({ length: towns }, (_, index) => first.replaceAll(code, `UA99${String(index).padStart(15, "0")}`));
  const file = join(folder, "many.csv");
  writeFileSync(file, `${[header, ...rows].join("\n")}\n`);
  return file;
}

// However long the history is, a page holds one window of it, and each event stands in one.
suite("a long history", () => {
  let server, annika;

  before(async () => {
    server = await Server.start();
    const { code, out } = await server.run("import", manyTowns(server.folder));
    assert.equal(code, 0, out);
    annika = await Desk.of(server.url, "Annika Leclair", { width: 360, height: 740 });
  });
  after(async () => {
    await annika?.close();
    await server?.stop();
  });

  const main = () => annika.page.getByRole("main");
  const lines = () => main().locator("ol.rows > li");
  const begins = () => new URL(annika.page.url()).searchParams.get("before");
  // The positions that a line stands for, of a burst the last and the first of them.
  const positions = async () => (await lines().locator(".position").allInnerTexts()).map((text) => text.match(/\d+/g).map(Number).reverse());
  const isQuiet = () => until("all that was asked has come", async () => await main().locator("ol.rows[aria-busy=true]").count() === 0 && await lines().count() > 0);

  // Loads what a window holds; answers its lines.
  async function fill() {
    await isQuiet();
    const more = main().getByRole("button", { name: "Show more" });
    while (await more.count() > 0) {
      const before = await lines().count();
      await more.click();
      await until("more lines came", async () => await lines().count() > before);
      await isQuiet();
    }
    return positions();
  }

  test("is walked window by window, on a phone, and back", async () => {
    const { size } = await annika.ask("/v1/views/programme");
    assert.ok(size > towns);
    await annika.goto("/history");
    const windows = [], starts = [];
    for (;;) {
      starts.push(begins());
      windows.push(await fill());
      assert.ok(windows.at(-1).length < 400, "a window is bounded");
      assert.ok(await annika.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing is wider than the screen");
      const older = main().getByRole("link", { name: "Older events" });
      if (await older.count() === 0) break;
      await older.click();
      await until("another window begins", async () => begins() !== starts.at(-1));
      await isQuiet();
      assert.ok(await annika.page.evaluate(() => document.activeElement.matches(".window")), "what is read next is the window's beginning");
    }
    assert.ok(windows.length > 3);
    const told = windows.flat();
    assert.equal(told[0].at(-1), size - 1);
    assert.equal(told.at(-1)[0], 0);
    for (const [index, [newest]] of told.entries()) if (index > 0) assert.ok(newest < told[index - 1][0], `${newest} after ${told[index - 1]}`);
    for (let index = 1; index < windows.length; index += 1) assert.ok(Math.min(...windows[index - 1].flat()) >= Number(starts[index]), "no event stands in two windows");
    await annika.sees(new RegExp(`before position ${starts.at(-1)}`));

    await main().getByRole("link", { name: "Newer events" }).click();
    await until("the window before is shown", async () => begins() === starts.at(-2));
    assert.deepEqual(await fill(), windows.at(-2));
    await annika.page.reload();
    assert.deepEqual(await fill(), windows.at(-2), "the address leads to the same window");
    await main().getByRole("link", { name: "To the newest" }).click();
    await until("the newest is shown", async () => begins() === null);
    assert.deepEqual(await fill(), windows[0]);
    assert.deepEqual(annika.problems, []);
  });

  test("is filtered over all of it, from its beginning", async () => {
    await annika.goto("/history?before=900");
    await isQuiet();
    await main().getByText("Filter", { exact: true }).click();
    await main().getByLabel("What happened", { exact: true }).selectOption("partnership.proposed");
    await annika.press("Show");
    await until("the filter begins with the newest", async () => begins() === null);
    const { events } = await annika.ask("/v1/events?type=partnership.proposed&limit=500");
    await until("all of that type are there", async () => (await fill()).length === events.length);
    await annika.goto("/history?type=nope");
    await annika.sees(/^What happened: /);
    assert.deepEqual(annika.problems.splice(0).filter((problem) => !problem.includes("422")), []);
  });

  test("of something that never was says that nothing is recorded", async () => {
    await annika.goto("/proposals/never-was/history");
    await annika.sees("Nothing is recorded here.");
    annika.isQuiet();
  });
});
