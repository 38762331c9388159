import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { Desk, openBrowser } from "./support/desk.js";
import { eventsOf } from "./support/feed.js";
import { Server } from "./support/server.js";
import { areEqual, Sheet, times, topicOf } from "./support/texts.js";
import { until } from "./support/until.js";

suite("a page that is closed with letters that no server has", () => {
  let server, browser, first;
  const topic = topicOf("byshiv-bacsalmas_water", "results");
  const path = "/proposals/byshiv-bacsalmas_water";
  const typed = [" Typed before the power went.", " Typed after it.", " Typed the next day.", " Typed on the third day."];

  before(async () => {
    [server, browser] = await Promise.all([Server.start(), openBrowser()]);
    first = await Desk.of(server.url, "Oksana Tymchuk", { browser, path });
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  // With no server anywhere.
  async function opensAgain(desk) {
    await desk.page.close();
    const next = await desk.tab(path, { isCut: true });
    return { next, sheet: new Sheet(next, "Results") };
  }

  test("opens again without any server, with the text there, and typing goes on; later everything arrives once", async () => {
    await until("the page is kept on this device", () => first.page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state === "activated"));
    const before = new Sheet(first, "Results");
    await before.opens();
    await before.types(typed[0]);
    await before.is("saved-for-everyone");

    first.isCut = true;
    await server.kill();
    await first.isOffline();
    await before.types(typed[1]);
    await before.is("saved-on-device");

    const { next: second, sheet: nextDay } = await opensAgain(first);
    await second.title(/water supply/);
    await nextDay.region.getByText(typed[1].trim()).first().waitFor();
    await nextDay.is("saved-on-device");
    await nextDay.opens();
    await nextDay.types(typed[2]);
    await nextDay.is("saved-on-device");

    const { next: third, sheet: thirdDay } = await opensAgain(second);
    await thirdDay.opens();
    await thirdDay.types(typed[3]);
    await thirdDay.is("saved-on-device");
    const written = await thirdDay.letters();
    for (const words of typed) assert.equal(times(written, words), 1, words);

    await server.start();
    await third.isLive();
    third.isCut = false;
    await thirdDay.is("saved-for-everyone", 40_000);
    assert.equal(await areEqual([thirdDay], topic), written);

    const inserted = (await eventsOf(third, topic)).flatMap(({ event }) => event.data.change ?? []).map(({ insert }) => insert ?? "").join("");
    for (const words of typed) assert.equal(times(inserted, words), 1, words);
    assert.deepEqual([first, second, third].flatMap(({ problems }) => problems), []);
  });
});
