import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { Desk, openBrowser } from "./support/desk.js";
import { keptOn, topicsKeptOn } from "./support/kept.js";
import { Server } from "./support/server.js";

suite("signing in", () => {
  let server, browser;

  before(async () => { [server, browser] = await Promise.all([Server.start(), openBrowser()]); });
  after(async () => { await browser?.close(); await server?.stop(); });

  async function seesDashboard(desk) {
    const { page } = desk;
    await desk.title("Today");
    await page.getByRole("region", { name: /^Needs you/ }).waitFor();
    await page.getByRole("region", { name: /^Since you were here/ }).getByRole("listitem").first().waitFor();
    await page.getByRole("region", { name: "Next" }).getByRole("link").first().waitFor();
    for (const [place, link] of [["Partnerships", /Byshiv.*Bácsalmás/], ["Visits", /Waterworks of Bácsalmás/], ["Proposals", /water supply/]]) {
      await desk.open(place);
      await page.getByRole("listitem").getByRole("link", { name: link }).waitFor();
    }
    await desk.open("Activity");
    await page.getByRole("main").getByRole("listitem").first().waitFor();
  }

  for (const [name, office] of [
    ["Oksana Tymchuk", "Officer, Byshiv"], ["Réka Szendrei", "Officer, Bácsalmás"],
    ["Ostap Verbovyi", "Mayor, Byshiv"], ["Gergő Halmos", "Mayor, Bácsalmás"],
  ]) {
    test(`${name} signs in from the first page and finds partnerships, visits, proposals and activity`, async () => {
      const desk = await Desk.of(server.url, name, { browser });
      await seesDashboard(desk);
      await desk.press(new RegExp(`^${name}`));
      await desk.sees(office);
      desk.isQuiet();
      await desk.close();
    });
  }

  test("a town's officer sees only what concerns that town", async () => {
    const desk = await Desk.of(server.url, "Oksana Tymchuk", { browser });
    await desk.open("Partnerships");
    await desk.sees("1 partnership");
    for (const list of ["partnerships", "visits", "proposals"])
      assert.equal((await desk.context.request.get(`${server.url}/v1/lists/${list}/all`)).status(), 403);
    assert.equal((await desk.context.request.get(`${server.url}/v1/events`)).status(), 403);
    await desk.close();
  });

  test("a Ukrainian browser gets Ukrainian words, and its reader may choose English, which is remembered", async () => {
    const desk = await Desk.open(server.url, { locale: "uk-UA", browser });
    const { page } = desk;
    await desk.goto("/");
    await desk.title("Хто ви сьогодні?");
    assert.equal(await page.locator("html").getAttribute("lang"), "uk");

    await desk.press("English");
    await desk.title("Who are you today?");
    assert.equal(await page.locator("html").getAttribute("lang"), "en");
    await page.reload();
    await desk.title("Who are you today?");

    await desk.signIn("Oksana Tymchuk");
    await desk.title("Today");
    await desk.press(/^Oksana Tymchuk/);
    await desk.press("Українська");
    await desk.title("Сьогодні");
    await desk.open("Заявки");
    await page.reload();
    await desk.title("Заявки");
    assert.deepEqual(desk.problems, []);
    await desk.close();
  });

  test("an English browser gets English words, and one of another language too", async () => {
    for (const locale of ["en-GB", "hu-HU"]) {
      const desk = await Desk.open(server.url, { locale, browser });
      await desk.goto("/");
      await desk.title("Who are you today?");
      await desk.close();
    }
  });

  test("who signs out sees nothing more and what was kept on the device is gone", async () => {
    const desk = await Desk.of(server.url, "Réka Szendrei", { browser });
    await desk.open("Proposals");
    await desk.press(/^Réka Szendrei/);
    await desk.press("Sign out");
    await desk.title("Who are you today?");
    assert.equal((await desk.context.request.get(`${server.url}/v1/me`)).status(), 401);
    assert.deepEqual(await topicsKeptOn(desk.page), []);
    assert.equal((await keptOn(desk.page)).places, 0);
    await desk.close();
  });
});
