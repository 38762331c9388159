import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { Cable } from "./support/cable.js";
import { Desk, openBrowser } from "./support/desk.js";
import { Server } from "./support/server.js";
import { areEqual, Sheet, times, topicOf } from "./support/texts.js";

suite("two tabs of one browser on the same text", () => {
  let server, cable, browser, left, right;
  const topic = topicOf("byshiv-bacsalmas_water", "partnership");
  const path = "/proposals/byshiv-bacsalmas_water";
  const sheet = { left: undefined, right: undefined };

  before(async () => {
    cable = await Cable.lay();
    [server, browser] = await Promise.all([Server.start({ origins: [cable.url] }), openBrowser()]);
    cable.leadTo(server.port);
    left = await Desk.of(cable.url, "Oksana Tymchuk", { browser, path });
    right = await left.tab(path);
    await right.isLive();
    [sheet.left, sheet.right] = [new Sheet(left, "Partnership"), new Sheet(right, "Partnership")];
    await sheet.left.opens();
    await sheet.right.opens();
  });
  after(async () => {
    await browser?.close(); 
    await cable?.remove();
    await server?.stop();
  });

  test("both type at once, and nothing is lost or doubled", async () => {
    const before = await areEqual([sheet.left, sheet.right], topic);
    await sheet.left.goesTo(0);
    await Promise.all([sheet.left.types("left ".repeat(12), 20), sheet.right.types(" right".repeat(12), 20)]);
    assert.equal(await areEqual([sheet.left, sheet.right], topic), `${"left ".repeat(12)}${before.slice(0, -1)}${" right".repeat(12)}\n`);
  });

  test("both type offline, and one is closed with letters unsent: the other delivers them when the cable is back", async () => {
    for (const desk of [left, right]) desk.isCut = true;
    cable.pullOut();
    await Promise.all([left.isOffline(), right.isOffline()]);
    await sheet.left.types("Closed with these. ");
    await sheet.right.types(" Kept open with these.");
    await sheet.left.is("saved-on-device");
    await sheet.right.is("saved-on-device");
    await left.page.close();

    cable.plugIn();
    await right.isLive();
    await sheet.right.is("saved-for-everyone", 40_000);
    await sheet.right.box.getByText("Closed with these.").waitFor();
    const letters = await areEqual([sheet.right], topic);
    for (const words of ["Closed with these. ", " Kept open with these.", "left ".repeat(12), " right".repeat(12)]) assert.equal(times(letters, words), 1, words);
    assert.deepEqual([...left.problems, ...right.problems], []);
  });
});
