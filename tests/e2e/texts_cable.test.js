import assert from "node:assert/strict";
import { after, afterEach, before, suite, test } from "node:test";
import { Cable } from "./support/cable.js";
import { Desk, openBrowser } from "./support/desk.js";
import { Server } from "./support/server.js";
import { areEqual, Sheet, textOf, times, topicOf } from "./support/texts.js";
import { until } from "./support/until.js";

// Oksana's computer hangs on a cable that can be pulled out; Réka's does not.
suite("two people who write while the cable of one is cut", () => {
  let server, cable, browser, oksana, reka, mine, hers;
  const topic = topicOf("byshiv-bacsalmas_water", "objective");

  before(async () => {
    cable = await Cable.lay();
    [server, browser] = await Promise.all([Server.start({ origins: [cable.url] }), openBrowser()]);
    cable.leadTo(server.port);
    const path = "/proposals/byshiv-bacsalmas_water";
    [oksana, reka] = await Promise.all([
      Desk.of(cable.url, "Oksana Tymchuk", { browser, path }), Desk.of(server.url, "Réka Szendrei", { browser, path }),
    ]);
    [mine, hers] = [new Sheet(oksana, "Objective"), new Sheet(reka, "Objective")];
    await Promise.all([mine.opens(), hers.opens()]);
  });
  after(async () => {
    await browser?.close();
    await cable?.remove();
    await server?.stop();
  });
  afterEach(() => cable.plugIn());

  async function comesBack() {
    cable.plugIn();
    await oksana.isLive();
    oksana.isCut = false;
    await mine.is("saved-for-everyone", 40_000);
  }

  test("typing goes on offline, and the page says what is saved on this device", async () => {
    oksana.isCut = true;
    cable.pullOut();
    await oksana.isOffline();
    await mine.types(" Typed by Oksana in the dark.");
    await mine.is("saved-on-device");
    await mine.region.getByText(/^Saved on this device\. \d+ changes? will leave when there is a connection; you can close the page\.$/).waitFor();

    await hers.goesTo(0);
    await hers.types("Typed by Réka meanwhile. ");
    await hers.is("saved-for-everyone");
    const { content } = await textOf(reka, topic);
    assert.equal(times(JSON.stringify(content), "Oksana in the dark"), 0);
    assert.equal(times(await mine.letters(), "Réka meanwhile"), 0);
  });

  test("when it is back both have each letter once, and a summary names what the other changed", async () => {
    await comesBack();
    const letters = await areEqual([mine, hers], topic);
    assert.equal(times(letters, "Typed by Oksana in the dark."), 1);
    assert.ok(letters.startsWith("Typed by Réka meanwhile. Clean"), letters);

    await mine.merge.getByText("While you were away").waitFor();
    await mine.merge.getByText(/^Réka Szendrei: \d+ changes?, wrote 25 characters$/).waitFor();
    await mine.merge.getByText("Typed by Réka meanwhile.").waitFor();
    await oksana.press("I have seen this", mine.merge);
    await oksana.seesNo(mine.merge);
    assert.equal(await hers.merge.count(), 0);
  });

  test("edits whose answers are lost arrive once, though they are sent twice", async () => {
    oksana.isCut = true;
    await mine.goesToEnd();
    const before = (await textOf(reka, topic)).revision;
    cable.loseAnswers();
    await mine.types(" Sent into a tunnel.");
    await until("the first letters have reached the server", async () => (await textOf(reka, topic)).revision > before);
    await oksana.isOffline();
    await comesBack();
    assert.equal(times(await areEqual([mine, hers], topic), " Sent into a tunnel."), 1);
  });

  test("however often it is cut while both go on typing, nothing is lost or doubled", async () => {
    oksana.isCut = true;
    const words = { mine: "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя".repeat(2), hers: "abcdefghijklmnopqrstuvwxyz".repeat(3) };
    await Promise.all([mine.goesToEnd(), hers.goesTo(0)]);
    const before = await areEqual([mine, hers], topic);
    let typing = true;
    const both = Promise.all([mine.types(words.mine, 60), hers.types(words.hers, 60)]).finally(() => { typing = false; });
    for (let round = 1; typing; round += 1) {
      const length = (await mine.letters()).length;
      await until("some letters were typed", async () => !typing || (await mine.letters()).length > length + 4);
      if (round % 2 === 0) cable.plugIn();
      else if (round % 4 === 1) cable.pullOut();
      else cable.loseAnswers();
    }
    await both;
    await comesBack();
    assert.equal(await areEqual([mine, hers], topic), `${words.hers}${before.slice(0, -1)}${words.mine}\n`);
    assert.deepEqual([oksana.problems, reka.problems], [[], []]);
  });
});
