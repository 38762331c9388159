import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { Cable } from "./support/cable.js";
import { Desk } from "./support/desk.js";
import { topicsKeptOn } from "./support/kept.js";
import { Profile } from "./support/profile.js";
import { Server } from "./support/server.js";
import { areEqual, lettersShown, Sheet, topicOf } from "./support/texts.js";
import { until } from "./support/until.js";

const seed = Number(process.env.MOSTY_SEED ?? Date.now() % 1_000_000);
const rounds = 3;
const pause_ms = 60;

// mulberry32
function chance(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

suite("a browser that is killed while its person types offline", () => {
  let server, cable, profile;
  const topic = topicOf("byshiv-bacsalmas_water", "risks");
  const path = "/proposals/byshiv-bacsalmas_water";

  before(async () => {
    cable = await Cable.lay();
    profile = new Profile();
    server = await Server.start({ origins: [cable.url] });
    cable.leadTo(server.port);
  });
  after(async () => {
    await profile?.kill();
    profile?.remove();
    await cable?.remove();
    await server?.stop();
  });

  async function opens({ isCut }) {
    const desk = await Desk.in(await profile.start(), cable.url);
    desk.isCut = isCut;
    await desk.goto(path);
    return { desk, sheet: new Sheet(desk, "Risks") };
  }

  // Notes what the editor shows at each moment at which the page says that all of it is saved on this device.
  async function notesWhatIsSaved(desk, sheet) {
    const notes = [];
    await desk.page.exposeFunction("noteSaved", (letters) => { notes.push(letters); });
    await sheet.region.evaluate((section, shown) => {
      const letters = new Function(`return (${shown})`)();
      const look = () => {
        const state = section.querySelector("[data-testid=text-state]")?.dataset.state;
        if (state === "saved-on-device") void window.noteSaved(letters(section.querySelector(".ql-editor")));
      };
      new MutationObserver(look).observe(section, { subtree: true, attributes: true, attributeFilter: ["data-state"] });
    }, lettersShown.toString());
    return notes;
  }

  // Types numbers, each once, until the moment has come. Answers all that was typed.
  async function typesUntilKilled(desk, round, moment) {
    let typed = "", killed = false;
    const typing = (async () => {
      for (let word = round * 1_000; !killed; word += 1) {
        for (const letter of ` ${word}`) {
          typed += letter;
          await desk.page.keyboard.press(letter === " " ? "Space" : letter);
        }
        await new Promise((over) => setTimeout(over, pause_ms)); // a person's pace: the device gets to say that it has all
      }
    })().catch((error) => { if (!killed) throw error; });
    await Promise.race([moment(), typing]);
    killed = true;
    await profile.kill();
    await typing;
    return typed;
  }

  test(`shows after each start what it had called saved on this device, and it arrives once (MOSTY_SEED=${seed})`, async (context) => {
    context.diagnostic(`MOSTY_SEED=${seed}`);
    const random = chance(seed);
    const first = await Desk.in(await profile.start(), cable.url);
    await first.signIn("Oksana Tymchuk", path);
    await new Sheet(first, "Risks").region.getByText("Power cuts").waitFor();
    await until("the page and what it shows are kept on this device", async () =>
      await first.page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state === "activated")
        && (await topicsKeptOn(first.page)).includes("proposal/byshiv-bacsalmas_water"));
    await profile.leave(); // as a person does on any day: what a browser keeps of a sign-in is on the disk then

    let { desk, sheet } = await opens({ isCut: false });
    await desk.isLive();
    await sheet.opens();
    let before = await areEqual([sheet], topic);
    for (let round = 1; round <= rounds; round += 1) {
      desk.isCut = true;
      cable.pullOut();
      await desk.isOffline();

      const notes = await notesWhatIsSaved(desk, sheet);
      await sheet.goesToEnd();
      const enough = 1 + Math.floor(random() * 8);
      const typed = await typesUntilKilled(desk, round, async () => {
        await until(`${enough} moments at which all was saved`, () => notes.length >= enough, 60_000);
        await new Promise((over) => setTimeout(over, random() * 60));
      });
      const saved = notes.at(-1);
      assert.deepEqual(desk.problems, []);

      ({ desk, sheet } = await opens({ isCut: true }));
      await sheet.opens();
      const found = await sheet.letters();
      assert.ok(found.startsWith(saved.slice(0, -1)), `round ${round}: “${saved}” was saved, “${found}” is there`);
      assert.ok(`${before.slice(0, -1)}${typed}`.startsWith(found.slice(0, -1)), `round ${round}: “${typed}” was typed, “${found}” is there`);

      cable.plugIn();
      await desk.isLive();
      desk.isCut = false;
      await sheet.is("saved-for-everyone", 40_000);
      assert.equal(await areEqual([sheet], topic), found);
      context.diagnostic(`round ${round}: killed after ${typed.length} keystrokes, ${saved.length - before.length} called saved, ${found.length - before.length} there and delivered once`);
      before = found;
    }
    assert.deepEqual(desk.problems, []);
  });
});
