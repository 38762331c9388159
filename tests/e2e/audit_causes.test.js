import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { Desk } from "./support/desk.js";
import { screenshots, Server } from "./support/server.js";

const register = fileURLToPath(new URL("registers/hromadas.csv", import.meta.url));

// Why something stands in the history: what led to it, what followed, and who began it.
suite("the reason of an event", () => {
  let server, annika, oksana;

  before(async () => {
    server = await Server.start();
    annika = await Desk.of(server.url, "Annika Leclair");
    oksana = await Desk.of(server.url, "Oksana Tymchuk", { browser: annika.browser });
  });
  after(async () => {
    await oksana?.close();
    await annika?.close();
    await server?.stop();
  });

  const heat = "proposal/kremenchuk-donostia_heat";
  const why = (desk = annika) => desk.page.getByRole("main").getByRole("region", { name: "Why", exact: true });

  // The last event of the stream, of this type, for which `fits` holds.
  async function newest(stream, type, fits = () => true) {
    const { events } = await annika.ask(`/v1/events?stream=${stream}&type=${type}&limit=500`);
    return events.findLast(({ event }) => fits(event));
  }

  async function opens({ position, event }, desk = annika) {
    await desk.goto(`/events/${position}?stream=${event.subject}`);
    await desk.title(`Event ${position}`);
  }

  async function follows(link, { position }, desk = annika) {
    await link.click();
    await desk.title(`Event ${position}`);
  }

  test("a figure that was changed after a return leads to the return, and that to all that followed", async () => {
    const [figure, returned, first, second] = await Promise.all([
      newest(heat, "proposal.budget_line_set", ({ data }) => data.line === "design"),
      newest(heat, "proposal.returned"),
      newest(heat, "proposal.approval_asked", ({ data }) => data.version === 1),
      newest(heat, "proposal.approval_asked", ({ data }) => data.version === 2),
    ]);
    assert.equal(figure.event.causationid, returned.event.id);
    await opens(figure);
    assert.match(await why().innerText(), /It follows from: .*returned/s);
    await follows(why().getByRole("link", { name: /returned/ }).first(), returned);
    assert.match(await why().innerText(), /It follows from: .*asked/s);
    const followed = why().getByRole("list").first().getByRole("listitem");
    assert.equal(await followed.count(), 3, "two figures and the next request");
    await annika.page.screenshot({ path: join(screenshots, "audit_causes_1280.png"), fullPage: true });
    await follows(followed.last().getByRole("link"), second);
    await opens(returned);
    await follows(why().getByRole("link", { name: /asked/ }).first(), first);
    annika.isQuiet();
  });

  test("what unfolds in a history names its reason too", async () => {
    const figure = await newest(heat, "proposal.budget_line_set", ({ data }) => data.line === "design");
    await annika.goto("/proposals/kremenchuk-donostia_heat/history?about=budget/design");
    const line = annika.page.getByRole("main").locator("ol.rows > li").first();
    await line.locator("summary").click();
    await line.getByText("It follows from:").waitFor();
    await line.getByRole("link", { name: /returned/ }).waitFor();
    await follows(line.getByRole("link", { name: "Open the event" }), figure);
    annika.isQuiet();
  });

  test("a reply leads to the comment that it answers", async () => {
    const needs = "text/proposal/byshiv-bacsalmas_water/needs";
    const { revision } = (await newest(needs, "text.edited")).event;
    const say = (name, data) => oksana.command(needs, name, data);
    await say("comment_text", { thread: "t-why", kind: "comment", base: revision, from: 0, to: 4, body: "Since when?" });
    await say("reply_in_text", { thread: "t-why", body: "Since 2022." });
    const [comment, reply] = await Promise.all([newest(needs, "text.commented"), newest(needs, "text.replied")]);
    await opens(reply, oksana);
    await follows(why(oksana).getByRole("link").first(), comment, oksana);
    assert.match(await why(oksana).innerText(), /No other event led to it: a person gave the command\./);
    await follows(why(oksana).getByRole("list").first().getByRole("link"), reply, oksana);
    oksana.isQuiet();
  });

  test("what no person did is not told as if a person had", async () => {
    const { code, out } = await server.run("import", register);
    assert.equal(code, 0, out);
    const { events } = await annika.ask("/v1/events?actor=service-import&type=municipality.registered&limit=1");
    await opens(events[0]);
    assert.match(await why().innerText(), /It came with the import of a register: .* No person gave the command\./);
    assert.match(await annika.page.getByRole("main").innerText(), /Import of the registers/);
    await opens(await newest(heat, "proposal.drafted"));
    assert.match(await why().innerText(), /It came with the invented demo: .* No person gave the command\./);
    annika.isQuiet();
  });

  test("is told in Ukrainian, and on a phone", async () => {
    const phone = await Desk.open(server.url, { browser: annika.browser, locale: "uk-UA", width: 360, height: 800 });
    try {
      await phone.signIn("Annika Leclair");
      const { position } = await newest(heat, "proposal.returned");
      await phone.goto(`/events/${position}?stream=${heat}`);
      const reason = phone.page.getByRole("region", { name: "Чому", exact: true });
      await reason.getByText("Вона випливає з такої:").waitFor();
      await reason.getByRole("heading", { name: "Що з неї випливло" }).waitFor();
      assert.ok(await phone.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing stands out of the page");
      await reason.screenshot({ path: join(screenshots, "audit_causes_360_uk.png") });
      phone.isQuiet();
    } finally {
      await phone.close();
    }
  });
});
