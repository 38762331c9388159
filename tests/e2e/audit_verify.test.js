import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { Desk, openBrowser } from "./support/desk.js";
import { Server } from "./support/server.js";
import { Tamper } from "./support/tamper.js";
import { until } from "./support/until.js";

// The page checks what it shows; between it and the server stands somebody who may change it.
suite("verifying in the browser", () => {
  let server, tamper, annika, oksana;

  before(async () => {
    tamper = await Tamper.begin();
    server = await Server.start({ origins: [tamper.url, plainUrl()] });
    tamper.leadTo(server.port);
    annika = await Desk.of(tamper.url, "Annika Leclair");
    oksana = await Desk.of(server.url, "Oksana Tymchuk", { browser: annika.browser });
  });
  after(async () => {
    await oksana?.close();
    await annika?.close();
    await tamper?.remove();
    await server?.stop();
  });

  // The same place under a name that is not this computer's own: over plain HTTP no secure context.
  const plainUrl = () => tamper.url.replace("127.0.0.1", "mosty.test");
  const history = "/proposals/byshiv-bacsalmas_water/history";
  const panel = () => annika.page.getByTestId("verification");
  const alert = () => panel().getByRole("alert");
  const honest = (_path, body) => body;

  async function ends(verdict) {
    await annika.page.locator(`[data-testid="verification"][data-verdict="${verdict}"]`).waitFor({ timeout: 60_000 });
  }

  // Opens the history anew under this liar, verifies, and answers what the page says of it.
  async function verified(bend, path = history, button = "Verify") {
    tamper.bend = bend;
    await annika.goto(path);
    await panel().getByRole("button", { name: button }).click();
  }

  async function isCaught(bend, says, ...where) {
    await verified(bend, ...where);
    await ends("failed");
    await alert().getByText("Verification failed").waitFor();
    const said = await alert().innerText();
    assert.match(said, says);
    tamper.bend = honest;
  }

  test("says how much was checked, at which checkpoint and when, and what this cannot find", async () => {
    await verified(honest);
    await ends("verified");
    const said = await panel().innerText();
    const [, checked, total] = /Verified: (\d+) of (\d+)/.exec(said);
    assert.equal(checked, total);
    assert.ok(Number(total) > 20);
    assert.match(said, /Checkpoint of \d+ events, checked \d\d:\d\d/);
    assert.match(said, /First check on this device/);
    assert.match(said, /No position of the log is missing from the first of these events to its end: no stream and no end of one was left out\. What the page shows is exactly what these events make of it/);
    assert.match(said, /What stands sealed in \d+ events was opened here with its keys/);
    assert.match(said, /Not checked here:\s+Names of people and municipalities/);
    assert.match(said, /does not find a server that lies to everyone/);
    assert.equal(await annika.page.getByText("✓ in the signed log").count() > 20, true);
    annika.isQuiet();
  });

  test("remembers the key and the checkpoint: the next one must have grown out of it", async () => {
    await oksana.command("proposal/byshiv-bacsalmas_water", "edit_proposal", { summary: "The log grows." });
    await verified(honest);
    await ends("verified");
    await annika.sees(/The log grew from \d+ to \d+ events, and nothing before was changed/);
    await panel().getByText("Key and checkpoint").click();
    const key = (await (await annika.context.request.get(`${server.url}/v1/log/key`)).text()).trim();
    await panel().getByText(key).waitFor();
    annika.isQuiet();
  });

  test("verifies a single event, with its hash", async () => {
    const { events } = await annika.ask("/v1/events?stream=proposal/byshiv-bacsalmas_water&limit=5");
    await verified(honest, `/events/${events[2].position}?stream=proposal/byshiv-bacsalmas_water`, "Verify this event");
    await ends("verified");
    await annika.sees("Verified: this event stands in the signed log");
    annika.isQuiet();
  });

  test("verifies what was recorded a moment ago, once its checkpoint is there", async () => {
    const { from } = await oksana.command("proposal/byshiv-bacsalmas_water", "edit_proposal", { summary: "Just now." });
    await verified(honest, `/events/${from}?stream=proposal/byshiv-bacsalmas_water`, "Verify this event");
    await ends("verified");
  });

  test("fails loudly when an event is changed on its way, and names it", async () => {
    const { events } = await annika.ask("/v1/events?stream=proposal/byshiv-bacsalmas_water&type=proposal.budget_line_set&limit=1");
    const { position, event } = events[0];
    const isOther = (path, body) => path.startsWith("/v1/events") ? body.replaceAll(`"amount":${event.data.amount},`, `"amount":${event.data.amount + 100},`) : body;
    await isCaught(isOther, new RegExp(`Position ${position}: the signed log holds other bytes here: this event was changed\\.`));
    assert.equal(await annika.page.locator("details.bad").count(), 1);
  });

  test("fails when two events change places, and when one is left out", async () => {
    const swap = (path, body) => {
      if (!path.startsWith("/v1/events?stream=proposal%2F")) return body;
      const answer = JSON.parse(body);
      if (answer.events.length < 5) return body;
      const [a, b] = [answer.events[2], answer.events[3]];
      return JSON.stringify({ ...answer, events: answer.events.with(2, { ...a, event: b.event }).with(3, { ...b, event: a.event }) });
    };
    await isCaught(swap, /this event was changed/);
    const drop = (path, body) => {
      if (!path.startsWith("/v1/events?stream=proposal%2F")) return body;
      const answer = JSON.parse(body);
      return JSON.stringify({ ...answer, events: answer.events.toSpliced(2, 1) });
    };
    await isCaught(drop, /proposal\/byshiv-bacsalmas_water: revision \d+ is missing\./);
  });

  test("fails when the page's figures or texts are not what its events make of them", async () => {
    await isCaught((path, body) => path.startsWith("/v1/views/proposal/byshiv-bacsalmas_water") ? body.replace("Pumps, treatment", "Yachts, treatment") : body, /The page shows “Budget, [^”]+” otherwise than its events make it/);
    await isCaught((path, body) => path.startsWith("/v1/texts/proposal/byshiv-bacsalmas_water/needs") ? body.replace("Only 11", "Only 91") : body, /The page shows “Needs and relevance” otherwise/);
  });

  test("fails when a proof, the checkpoint or its root is bent", async () => {
    const flip = (text) => text.replace(/"proof":\["(.)/, (_, first) => `"proof":["${first === "A" ? "B" : "A"}`);
    const { events } = await annika.ask("/v1/events?stream=proposal/byshiv-bacsalmas_water&limit=1");
    const one = [`/events/${events[0].position}?stream=proposal/byshiv-bacsalmas_water`, "Verify this event"];
    await isCaught((path, body) => path.startsWith("/v1/proofs/inclusion") ? flip(body) : body, /does not lead to the signed root/, ...one);
    const lastBit = (body) => body.slice(0, -1) + String.fromCharCode(body.charCodeAt(body.length - 1) ^ 1);
    await isCaught((path, body) => path.startsWith("/tile/") ? lastBit(body) : body, /does not lead to the signed root/);
    await isCaught((path, body) => path === "/checkpoint" ? body.replace(/^(.*\n)(\d+)\n/, (_, origin, size) => `${origin}${Number(size) + 1}\n`) : body, /The signature under the checkpoint is false/);
    await isCaught((path, body) => path === "/checkpoint" ? "none" : body, /The checkpoint is not a signed note/);
  });

  test("fails when history was rewritten, and when the log became shorter", async () => {
    const kept = await annika.page.evaluate(() => localStorage.getItem("mosty.audit.pin"));
    // This device remembers another past, signed or not: as if the server had forked since.
    const remember = (change) => annika.page.evaluate(([pin, from, to]) => {
      localStorage.setItem("mosty.audit.pin", JSON.stringify({ ...JSON.parse(pin), checkpoint: JSON.parse(pin).checkpoint.replace(new RegExp(from), to) }));
    }, [kept, ...change]);
    await remember(["\\n\\d+\\n", "\n7\n"]);
    await isCaught(honest, /History was rewritten: the log of \d+ events does not begin with the 7 events/);
    await remember(["\\n\\d+\\n", "\n999999\n"]);
    await isCaught(honest, /The log has become shorter: this device has seen 999999 events/);
    await annika.page.evaluate((pin) => localStorage.setItem("mosty.audit.pin", pin), kept);
  });

  test("raises an alarm when the key changes, until somebody says that this was on purpose", async () => {
    const other = "mosty.invalid/other+00000000+AAAA";
    await isCaught((path, body) => path === "/v1/log/key" ? other : body, /signed with another key than the one this device trusts\. Trusted: \S+\. Now offered: mosty\.invalid\/other/);
    await panel().getByText("The key was changed on purpose").click();
    await annika.press("Trust the new key from now on");
    await ends("verified");
    await annika.sees(/First check on this device/);
  });

  test("accuses nobody when the server cannot be reached", async () => {
    await annika.context.route("**/checkpoint", (route) => route.abort());
    annika.isCut = true;
    await verified(honest);
    await ends("blocked");
    await annika.sees(/It could not be checked\. The server did not answer: \/checkpoint/);
    await annika.context.unroute("**/checkpoint");
    annika.isCut = false;
  });

  test("says so where the browser offers no cryptography", async () => {
    const browser = await openBrowser(["--host-resolver-rules=MAP mosty.test 127.0.0.1"]);
    const desk = await Desk.of(plainUrl(), "Annika Leclair", { browser });
    assert.equal(await desk.page.evaluate(() => isSecureContext), false);
    await desk.goto(history);
    await desk.press("Verify");
    await desk.page.locator('[data-testid="verification"][data-verdict="blocked"]').waitFor();
    await desk.sees(/It could not be checked\. This page was not opened over a secure connection/);
    await desk.close();
    await browser.close();
  });

  test("says in both languages what it does not find", async () => {
    await annika.page.evaluate(() => localStorage.setItem("mosty.language", "uk"));
    await annika.goto(history);
    await annika.sees(/не виявити сервера, що однаково обманює всіх/);
    await annika.page.evaluate(() => localStorage.setItem("mosty.language", "en"));
  });
});
