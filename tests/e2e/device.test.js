// What a device keeps, and when it forgets: signed out from elsewhere, unused for 30 days, told to forget.
import assert from "node:assert/strict";
import { after, afterEach, before, suite, test } from "node:test";
import { Cable } from "./support/cable.js";
import { Desk, openBrowser } from "./support/desk.js";
import { allKeptOn, keptOn, nothing } from "./support/kept.js";
import { filesWith, Profile } from "./support/profile.js";
import { Server } from "./support/server.js";
import { lettersOf, Sheet, textOf, times, topicOf } from "./support/texts.js";
import { until } from "./support/until.js";

const day = 24 * 60 * 60 * 1000;
const path = "/proposals/byshiv-bacsalmas_water";
const section = "Results";
const secret = "Known to nobody else";

suite("what a device keeps of a person", () => {
  let server, cable, browser;

  before(async () => {
    cable = await Cable.lay();
    [server, browser] = await Promise.all([Server.start({ origins: [cable.url] }), openBrowser()]);
    cable.leadTo(server.port);
  });
  after(async () => {
    await browser?.close();
    await cable?.remove();
    await server?.stop();
  });
  afterEach(() => cable.plugIn());

  // A device on which Oksana has written something that no server has. It opens without a network.
  async function writesOffline(words = ` ${secret}.`) {
    const desk = await Desk.of(cable.url, "Oksana Tymchuk", { browser, path });
    await isKept(desk);
    const sheet = new Sheet(desk, section);
    await sheet.opens();
    await sheet.is("saved-for-everyone");
    await goesOffline(desk);
    await sheet.types(words);
    await sheet.is("saved-on-device");
    const kept = await keptOn(desk.page);
    assert.ok(kept.texts > 0 && kept.uses === 1 && kept.seen > 0 && kept.keys.includes("mosty.last"), JSON.stringify(kept));
    return desk;
  }

  const isKept = (desk) => until("the app is kept on this device", () =>
    desk.page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state === "activated"));

  async function goesOffline(...desks) {
    for (const desk of desks) desk.isCut = true;
    cable.pullOut();
    await Promise.all(desks.map((desk) => desk.isOffline()));
  }

  // Another device of hers, from which all sessions but its own are ended.
  async function endsTheOthers() {
    const desk = await Desk.of(server.url, "Oksana Tymchuk", { browser });
    const { sessions } = await desk.ask("/v1/me/sessions");
    for (const { session, current } of sessions) {
      if (!current) await desk.context.request.delete(`${server.url}/v1/me/sessions/${session}`, { headers: { origin: server.url } });
    }
    await desk.close();
  }

  // Remembers in the page whether something was ever to be seen there.
  async function watchesFor(desk, words) {
    await desk.context.addInitScript((sought) => {
      const look = () => { if (document.body?.textContent.includes(sought)) window.wasSeen = true; };
      new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true });
    }, words);
  }

  const isDeleted = (desk) => desk.page.getByTestId("deleted");

  async function isGone(desk, why) {
    await desk.title("Who are you today?");
    await isDeleted(desk).getByText(why).waitFor();
    let kept;
    await until("nothing is kept", async () => JSON.stringify(kept = await keptOn(desk.page)) === JSON.stringify(nothing)).catch(() => assert.deepEqual(kept, nothing));
  }

  const isUnsent = async (words, section = "results") => times(lettersOf((await textOf(await somebody(), topicOf("byshiv-bacsalmas_water", section))).content), words) === 0;
  let reader;
  async function somebody() {
    reader ??= await Desk.of(server.url, "Réka Szendrei", { browser });
    return reader;
  }

  test("goes when she is signed out from elsewhere, in every tab, and the page says how much was unsent", async () => {
    const desk = await writesOffline();
    const other = await desk.tab("/proposals", { isCut: true });
    await endsTheOthers();
    cable.plugIn();
    await isGone(desk, /^You were signed out of this device/);
    await isGone(other, /^You were signed out of this device/);
    const sentence = isDeleted(desk).getByText(/^With it went/);
    await sentence.waitFor();
    await isDeleted(other).getByText(await sentence.textContent(), { exact: true }).waitFor();
    const told = await isDeleted(desk).textContent();
    assert.match(told, /With it went \d+ changes? that nobody else has, in 1 text\. This cannot be undone\./);
    assert.ok(!told.includes(secret) && !told.includes("Oksana"), "nothing of it can be copied");
    await desk.page.reload();
    await isDeleted(desk).getByText(/With it went \d+ change/).waitFor();
    await desk.press("I have read this", isDeleted(desk));
    await desk.seesNo(isDeleted(desk));
    await desk.page.reload();
    await desk.title("Who are you today?");
    assert.equal(await isDeleted(desk).count(), 0);
    assert.ok(await isUnsent(secret));
    await desk.close();
  });

  test("goes at once while she looks at it", async () => {
    const desk = await Desk.of(cable.url, "Oksana Tymchuk", { browser, path });
    await new Sheet(desk, section).opens();
    await endsTheOthers();
    await isGone(desk, /^You were signed out of this device/);
    await isDeleted(desk).getByText("Nothing was lost: all that you wrote had been sent.").waitFor();
    assert.equal(new URL(desk.page.url()).pathname, "/sign-in", "nor does the address tell of it");
    await desk.close();
  });

  test("goes on a device that comes back only after the server was started anew, before any of it is shown", async () => {
    const desk = await writesOffline();
    await desk.page.close();
    await endsTheOthers();
    await server.leave();
    await server.start();
    cable.plugIn();
    await watchesFor(desk, secret);
    const later = await desk.tab(path);
    await isGone(later, /^You were signed out of this device/);
    await isDeleted(later).getByText(/With it went \d+ changes? that nobody else has, in 1 text/).waitFor();
    assert.equal(await later.page.evaluate(() => window.wasSeen), undefined);
    await later.close();
  });

  test("stays when her session only ran out, and what is unsent leaves when she is back", async () => {
    const desk = await writesOffline(" Kept until she is back.");
    const { actor } = (await (await somebody()).ask("/v1/demo/people")).people.find(({ name }) => name === "Oksana Tymchuk");
    const newer = await browser.newContext();
    for (let session = 0; session < 50; session += 1) await newer.request.post(`${server.url}/v1/sign-in`, { data: { actor }, headers: { origin: server.url } });
    await newer.close();
    cable.plugIn();
    await desk.sees("Your sign-in has run out. What you wrote in texts waits on this device: sign in again to go on.");
    const kept = await keptOn(desk.page);
    assert.ok(kept.texts > 0 && kept.seen > 0 && kept.keys.includes("mosty.last"), JSON.stringify(kept));
    await desk.press("Sign in");
    await desk.title("Who are you today?");
    assert.equal(await isDeleted(desk).count(), 0);
    await desk.press(/^Oksana Tymchuk/);
    await desk.isLive();
    await until("it has arrived", async () => !(await isUnsent("Kept until she is back.")), 40_000);
    await desk.close();
  });

  test("goes after 30 days without use, without a network, before any of it is shown", async () => {
    const desk = await writesOffline();
    const began = Date.now();
    await desk.page.close();
    await desk.context.clock.setFixedTime(began + 29 * day);
    const nearly = await desk.tab(path, { isCut: true });
    await nearly.sees(secret);
    await nearly.page.close();
    // A clock that is set back wins no time.
    await desk.context.clock.setFixedTime(began - 100 * day);
    const back = await desk.tab(path, { isCut: true });
    await back.sees(secret);
    await back.page.close();

    await desk.context.clock.setFixedTime(began + 59 * day + 60_000);
    await watchesFor(desk, secret);
    const late = await desk.tab(path, { isCut: true });
    await isGone(late, "Mosty was not used on this device for 30 days, so everything that was kept here was deleted.");
    await isDeleted(late).getByText(/With it went \d+ changes? that nobody else has, in 1 text/).waitFor();
    assert.equal(await late.page.evaluate(() => window.wasSeen), undefined);
    assert.deepEqual(late.problems, []);
    await late.close();
  });

  test("goes likewise from a page that was open all the time, when it is looked at again", async () => {
    const desk = await writesOffline();
    await desk.page.clock.setFixedTime(Date.now() + 31 * day);
    await desk.page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    await isGone(desk, /^Mosty was not used on this device for 30 days/);
    await desk.close();
  });

  test("goes likewise online, where the server lets her in again with nothing kept", async () => {
    const desk = await Desk.of(cable.url, "Oksana Tymchuk", { browser, path });
    await desk.page.clock.setFixedTime(Date.now() + 31 * day);
    await desk.page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    await isDeleted(desk).getByText(/^Mosty was not used on this device for 30 days/).waitFor();
    await desk.isLive();
    await desk.title(/water supply/);
    assert.equal(new URL(desk.page.url()).pathname, path);
    assert.equal((await keptOn(desk.page)).uses, 1);
    await desk.close();
  });

  test("goes, after 30 days, of somebody who left unsent work where another works since", async () => {
    const desk = await writesOffline();
    cable.plugIn();
    const began = Date.now();
    await desk.context.clearCookies(); // as if her session had run out
    await desk.page.close();
    const next = await desk.tab("/", { isCut: true });
    await next.press(/^Réka Szendrei/);
    await next.isLive();
    const both = await keptOn(next.page);
    assert.ok(both.texts > 0 && both.uses === 2, JSON.stringify(both));
    await next.page.close();
    for (const days of [20, 40]) {
      await desk.context.clock.setFixedTime(began + days * day);
      const later = await desk.tab("/", { isCut: true });
      await later.isLive();
      assert.equal((await keptOn(later.page)).uses, days < 30 ? 2 : 1);
      if (days > 30) await isDeleted(later).getByText("Somebody did not use Mosty on this device for 30 days, so what was kept of them here was deleted.").waitFor();
      assert.equal((await keptOn(later.page)).texts > 0, days < 30);
      await later.page.close();
    }
    await desk.close();
  });

  test("goes by one tap without a network, and nobody is let in before the server has heard of it", async () => {
    const desk = await Desk.of(cable.url, "Oksana Tymchuk", { browser, path: "/account" });
    await isKept(desk);
    await desk.sees("Nothing unsent is here: all that was written has been sent.");
    await goesOffline(desk);
    const offline = await desk.tab("/account", { isCut: true });
    await offline.title("My account");
    await offline.sees("Password, second factor, devices and tokens need a connection.");
    await desk.page.close();
    await offline.press("Forget this device");
    await offline.title("Who are you today?");
    const kept = await keptOn(offline.page);
    assert.deepEqual(kept, { ...nothing, keys: ["mosty.sign-out"] }, "but for what the server is still to be told");
    await offline.page.reload();
    await offline.page.getByRole("heading", { level: 1 }).waitFor();
    assert.equal(await offline.page.getByRole("navigation", { name: "Main" }).count(), 0);

    cable.plugIn();
    await offline.page.reload();
    await offline.title("Who are you today?");
    await until("the server has heard of it", async () => (await keptOn(offline.page)).keys.length === 0);
    assert.equal((await offline.context.request.get(`${server.url}/v1/me`)).status(), 401);
    assert.deepEqual((await offline.context.cookies()).map(({ name }) => name), []);
    await offline.close();
  });

  test("is told before it is forgotten, when some of it is unsent", async () => {
    const desk = await writesOffline();
    const account = await desk.tab("/account", { isCut: true });
    await account.sees(/^\d+ changes? that nobody else has (is|are) here, in 1 text\. Forgetting loses them for good\.$/);
    const asked = [];
    account.page.once("dialog", (dialog) => { asked.push(dialog.message()); void dialog.dismiss(); });
    await account.press("Forget this device");
    await until("she was asked", () => asked.length === 1);
    assert.match(asked[0], /^\d+ changes? that nobody else has would be lost for good, in 1 text\. Forget this device all the same\?$/);
    assert.ok((await keptOn(account.page)).texts > 0);
    account.page.once("dialog", (dialog) => void dialog.accept());
    await account.press("Forget this device");
    await account.title("Who are you today?");
    await desk.title("Who are you today?");
    await until("nothing is kept", async () => (await keptOn(account.page)).texts === 0);
    await account.close();
  });

  // A person's browser, with files of its own.
  async function inProfile(use) {
    const profile = new Profile();
    try {
      const desk = await Desk.in(await profile.start(), cable.url);
      await use(desk, profile);
    } finally {
      await profile.kill().catch(() => {});
      profile.remove();
    }
  }

  const typed = "Zyzzyva seventeen quinces";
  const shown = "Perihelion Waterworks";

  async function leavesTraces(desk) {
    await desk.command("proposal/byshiv-bacsalmas_water", "edit_proposal", { summary: `${shown} shall be mended.` });
    await desk.sees(new RegExp(shown));
    const sheet = new Sheet(desk, "Risks");
    await sheet.opens();
    await sheet.types(" ");
    await desk.page.keyboard.insertText(typed);
    await sheet.is("saved-for-everyone");
    await until("it is kept", async () => {
      const kept = await allKeptOn(desk.page);
      return [typed, shown, "Oksana Tymchuk"].every((words) => kept.includes(words));
    });
  }

  test("leaves the disk when she signs out: no file of the browser has a word of it, her name neither", () => inProfile(async (desk, profile) => {
    await desk.signIn("Oksana Tymchuk", path);
    await leavesTraces(desk);
    assert.notDeepEqual(await filesWith(profile.folder, [typed]), [], "it was on the disk");
    await desk.press(/^Oksana Tymchuk/);
    desk.page.on("dialog", (dialog) => void dialog.accept());
    await desk.press("Sign out");
    await desk.title("Who are you today?");
    assert.deepEqual(await filesWith(profile.folder, [typed, shown]), [], "while the browser still runs");
    await profile.leave();
    assert.deepEqual(await filesWith(profile.folder, [typed, shown]), []);
  }));

  test("leaves the disk when the device is to forget, with a second tab open and without a network", () => inProfile(async (desk, profile) => {
    await desk.signIn("Oksana Tymchuk", path);
    await isKept(desk);
    await leavesTraces(desk);
    const account = await desk.tab("/account");
    await account.title("My account");
    await goesOffline(desk, account);
    account.page.on("dialog", (dialog) => void dialog.accept());
    await account.press("Forget this device");
    for (const one of [desk, account]) await one.title("Who are you today?");
    await until("no file has a word of it", async () => (await filesWith(profile.folder, [typed, shown])).length === 0);
    assert.equal((await keptOn(account.page)).places, 0);
    await profile.leave();
    assert.deepEqual(await filesWith(profile.folder, [typed, shown]), []);
  }));

  test("of one goes, and of another who left unsent work on the same browser stays", () => inProfile(async (desk, profile) => {
    await desk.signIn("Oksana Tymchuk", path);
    const sheet = new Sheet(desk, "Risks");
    await sheet.opens();
    await goesOffline(desk);
    await sheet.types(" ");
    await desk.page.keyboard.insertText(typed);
    await sheet.is("saved-on-device");
    cable.plugIn();
    await desk.context.clearCookies(); // as if her session had run out
    await desk.page.close();
    const next = await desk.tab("/", { isCut: true });
    await next.press(/^Réka Szendrei/);
    await next.isLive();
    assert.equal((await keptOn(next.page)).places, 2);
    await until("what Réka saw is kept", async () => (await keptOn(next.page)).seen === 1);
    await next.press(/^Réka Szendrei/);
    await next.press("Sign out");
    await next.title("Who are you today?");
    const { places, seen } = await keptOn(next.page);
    assert.deepEqual({ places, seen }, { places: 1, seen: 0 }, "of Oksana there is her work alone");
    assert.notDeepEqual(await filesWith(profile.folder, [typed]), []);
    await next.press(/^Oksana Tymchuk/);
    await next.isLive();
    await until("it has arrived", async () => !(await isUnsent(typed, "risks")), 40_000);
  }));

  test("was kept by an earlier version for all together: unsent work leaves from there, once, and nothing is left of it", () => inProfile(async (desk) => {
    await desk.signIn("Oksana Tymchuk", path);
    const sheet = new Sheet(desk, "Risks");
    await sheet.opens();
    await isKept(desk);
    await goesOffline(desk);
    const words = "Kept by the earlier version";
    await sheet.types(` ${words}.`);
    await sheet.is("saved-on-device");
    // Puts all of it where the earlier version had it.
    const blank = await desk.context.newPage();
    await blank.route("**/*", (route) => route.fulfill({ contentType: "text/html", body: "<h1>Nothing</h1>" }));
    await blank.goto(`${cable.url}/v1/nothing`); // where the service worker has no say
    await desk.page.close();
    await blank.evaluate(async () => {
      const opened = (factory, name, rooms) => new Promise((done, failed) => {
        const asked = factory.open(name, 1);
        asked.onupgradeneeded = () => { for (const room of rooms) asked.result.createObjectStore(room); };
        asked.onsuccess = () => done(asked.result);
        asked.onerror = () => failed(asked.error);
      });
      const answer = (asked) => new Promise((done, failed) => { asked.onsuccess = () => done(asked.result); asked.onerror = () => failed(asked.error); });
      const [place] = await navigator.storageBuckets.keys();
      const factory = (await navigator.storageBuckets.open(place)).indexedDB;
      const seen = await opened(factory, "mosty-seen", []);
      const things = seen.transaction("things").objectStore("things");
      const [me, proposal] = [await answer(things.get("me")), await answer(things.get("topic:proposal/byshiv-bacsalmas_water"))];
      localStorage.setItem("mosty.me", JSON.stringify(me));
      localStorage.removeItem("mosty.last");
      localStorage.setItem(`mosty.topic.${me.actor}.proposal/byshiv-bacsalmas_water`, JSON.stringify(proposal));
      localStorage.setItem(`mosty.topics.${me.actor}`, JSON.stringify(["proposal/byshiv-bacsalmas_water"]));
      const texts = await opened(factory, "mosty-texts", []);
      const rooms = [...texts.objectStoreNames];
      const old = await opened(indexedDB, "mosty-texts", rooms);
      for (const room of rooms) {
        const store = texts.transaction(room).objectStore(room);
        const [keys, records] = [await answer(store.getAllKeys()), await answer(store.getAll())];
        const writing = old.transaction(room, "readwrite");
        for (const [index, key] of keys.entries()) writing.objectStore(room).put(records[index], key);
        await new Promise((done) => { writing.oncomplete = done; });
      }
      for (const database of [seen, texts, old]) database.close();
      await navigator.storageBuckets.delete(place);
    });
    const again = await desk.tab(path, { isCut: true });
    await again.sees(words);
    const kept = await keptOn(again.page);
    assert.ok(kept.places === 1 && kept.texts > 0 && kept.keys.join() === "mosty.last", JSON.stringify(kept));
    assert.ok(!await again.page.evaluate(async () => (await indexedDB.databases()).some(({ name }) => name === "mosty-texts")));
    cable.plugIn();
    await until("it has arrived", async () => !(await isUnsent(words, "risks")), 40_000);
    const all = lettersOf((await textOf(await somebody(), topicOf("byshiv-bacsalmas_water", "risks"))).content);
    assert.equal(times(all, words), 1);
  }));
});
