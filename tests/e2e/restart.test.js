import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { Desk } from "./support/desk.js";
import { eventsOf, feedIsWhole, framesCameOnce } from "./support/feed.js";
import { choose, pick, write } from "./support/forms.js";
import { Server } from "./support/server.js";
import { until } from "./support/until.js";

suite("a server that is killed and started again", () => {
  let server, oksana, reka;
  const water = "proposal/byshiv-bacsalmas_water";

  before(async () => {
    server = await Server.start();
    [oksana, reka] = await Promise.all([
      Desk.of(server.url, "Oksana Tymchuk", { path: "/proposals/byshiv-bacsalmas_water" }),
      Desk.of(server.url, "Réka Szendrei", { path: "/feed" }),
    ]);
  });
  after(async () => {
    await oksana?.close();
    await reka?.close();
    await server?.stop();
  });

  // As fast as the server answers, one after another, until it does not. Notes the ids that were acknowledged.
  async function actsUntilItFalls(desk, word, acknowledged) {
    for (let turn = 1; ; turn += 1) {
      try {
        const { id } = await desk.command(water, "set_budget_line", {
          line: `${word}-${turn % 20}`, category: "staff", partner: "HU_10719", description: `${word} ${turn}`, amount: turn, currency: "EUR",
        });
        acknowledged.push(id);
      } catch (error) {
        if (/ECONNREFUSED|ECONNRESET|hang up|socket/i.test(String(error))) return;
        throw error;
      }
    }
  }

  async function killsInTheMiddle(word) {
    for (const desk of [oksana, reka]) desk.isCut = true;
    const ofOksana = [], ofReka = [];
    const acting = Promise.all([actsUntilItFalls(oksana, `${word}-O`, ofOksana), actsUntilItFalls(reka, `${word}-R`, ofReka)]);
    await until("both are in the middle of acting", () => ofOksana.length >= 20 && ofReka.length >= 20);
    await oksana.sees(new RegExp(`${word}-R`));
    await server.kill();
    await acting;
    return [...ofOksana, ...ofReka];
  }

  async function bothResume() {
    for (const desk of [oksana, reka]) {
      await desk.isLive();
      desk.isCut = false;
    }
  }

  async function allAreThere(acknowledged) {
    const recorded = (await eventsOf(reka, water)).map(({ event }) => event.commandid);
    assert.equal(new Set(recorded).size, recorded.length, "a command was done twice");
    assert.deepEqual(acknowledged.filter((id) => !recorded.includes(id)), []);
  }

  test("nothing acknowledged is lost, and both dashboards go on by themselves", async () => {
    const acknowledged = await killsInTheMiddle("first");
    await Promise.all([oksana.isOffline(), reka.isOffline()]);
    await server.start();
    await bothResume();

    await allAreThere(acknowledged);
    await feedIsWhole(reka);
    for (const desk of [oksana, reka]) {
      framesCameOnce(desk, 0);
      desk.isQuiet();
    }
  });

  test("what a person saves while the server is down is done once when it is back, and the other sees it", async () => {
    const acknowledged = await killsInTheMiddle("second");
    await oksana.isOffline();
    await oksana.press("Add a budget line");
    const dialog = oksana.page.getByRole("dialog");
    await write(dialog, "What for?", "Saved while it was down");
    await pick(dialog, "Category", "Equipment");
    await choose(dialog, "Byshiv");
    await write(dialog, "Amount", "640");
    await oksana.press("Save", dialog);
    await oksana.sees("Saved on this device, waiting");

    await server.start();
    await bothResume();
    await oksana.seesNo(oksana.page.getByText("Saved on this device, waiting"));
    await reka.sees(/Saved while it was down/);
    const lines = (await eventsOf(reka, water)).filter(({ event }) => event.data.description === "Saved while it was down");
    assert.equal(lines.length, 1);
    await allAreThere(acknowledged);
    await feedIsWhole(reka);
    for (const desk of [oksana, reka]) desk.isQuiet();
  });

  test("a server that says goodbye is followed back too", async () => {
    for (const desk of [oksana, reka]) desk.isCut = true;
    await server.leave();
    await Promise.all([oksana.isOffline(), reka.isOffline()]);
    await server.start();
    await bothResume();
    await reka.command(water, "edit_proposal", { title: "Water after the restart" });
    await oksana.title("Water after the restart");
    for (const desk of [oksana, reka]) desk.isQuiet();
  });

  test("the log that was cut off twice is sound", async () => {
    await server.leave();
    const { code, out } = await server.run("verify");
    assert.equal(code, 0, out);
  });
});
