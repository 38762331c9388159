import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { Desk } from "./support/desk.js";
import { dayFromNow } from "./support/forms.js";
import { Server } from "./support/server.js";
import { until } from "./support/until.js";

suite("the secretariat", () => {
  let server, clara;

  before(async () => {
    server = await Server.start();
    clara = await Desk.of(server.url, "Clara Devreese");
    await clara.open("Board");
  });
  after(async () => {
    await clara?.close();
    await server?.stop();
  });

  const rows = () => clara.page.getByRole("main").getByRole("listitem");
  const row = (pair) => rows().filter({ has: clara.page.getByRole("link", { name: pair }) });

  test("sees every partnership on its board, those who need help first", async () => {
    const { total } = await clara.ask("/v1/lists/partnerships/all?limit=500");
    await clara.sees(`${total} partnerships`);
    assert.equal(await rows().count(), total);
    const first = await rows().first().innerText();
    assert.match(first, /overdue step|not accepted yet/);
    assert.match(await rows().last().innerText(), /on its way|has never met|not met for 60 days/);
    clara.isQuiet();
  });

  test("narrows the board by typing, in either script", async () => {
    for (const [typed, pair] of [["bacsal", /Byshiv/], ["бишів", /Byshiv/], ["Vasylkiv sundbyberg", /Vasylkiv/]]) {
      await clara.page.getByRole("searchbox", { name: "Filter by typing" }).fill(typed);
      await until(`“${typed}” leaves one row`, async () => await rows().count() === 1);
      await row(pair).waitFor();
    }
    await clara.page.getByRole("searchbox", { name: "Filter by typing" }).fill("no such town");
    await clara.sees("Nothing matches. Clear the filter to see all.");
    await clara.page.getByRole("searchbox", { name: "Filter by typing" }).fill("");
    clara.isQuiet();
  });

  test("sees on the board what the towns do, while they do it", async () => {
    const reka = await Desk.of(server.url, "Réka Szendrei", { browser: clara.browser });
    await reka.command("visit/byshiv-bacsalmas_soon", "plan_visit", { partnership: "byshiv-bacsalmas", title: "Soon in Byshiv", host: "ua", kind: "meeting", from: dayFromNow(1) });
    await row(/Byshiv/).getByRole("link", { name: "Soon in Byshiv" }).waitFor();
    await reka.command("visit/byshiv-bacsalmas_soon", "cancel_visit", { reason: "Snow on the road" });
    await clara.seesNo(row(/Byshiv/).getByRole("link", { name: "Soon in Byshiv" }));
    await reka.close();
    clara.isQuiet();
  });

  test("records the acceptance of a town that has no computer", async () => {
    await clara.page.getByRole("searchbox", { name: "Filter by typing" }).fill("haivoron");
    await row(/Haivoron/).getByRole("link").first().click();
    await clara.title(/Haivoron/);
    await clara.press(/^Record acceptance of/);
    await clara.sees("Both sides have accepted.");
    clara.isQuiet();
  });
});
