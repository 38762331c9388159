import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { after, before, suite, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Desk } from "./support/desk.js";
import { Server } from "./support/server.js";

const verifier = fileURLToPath(new URL("../../client-js/verifier/verify-bundle.mjs", import.meta.url));

suite("evidence that is taken along", () => {
  let server, annika;

  before(async () => {
    server = await Server.start();
    annika = await Desk.of(server.url, "Annika Leclair");
  });
  after(async () => {
    await annika?.close();
    await server?.stop();
  });

  test("a proposal's evidence is downloaded from its page and verified without the server", async () => {
    await annika.goto("/proposals/byshiv-bacsalmas_water");
    const [download] = await Promise.all([annika.page.waitForEvent("download"), annika.page.getByRole("link", { name: "Download the evidence bundle" }).click()]);
    assert.match(download.suggestedFilename(), /^proposal-byshiv-bacsalmas_water-\d+\.json$/);
    const file = await download.path();
    const key = (await (await annika.context.request.get(`${server.url}/v1/log/key`)).text()).trim();
    const good = spawnSync(process.execPath, [verifier, file, "--key", key], { encoding: "utf8" });
    assert.equal(good.status, 0, good.stderr);
    assert.match(good.stdout, /^VERIFIED {2}proposal\/byshiv-bacsalmas_water/);
    const bundle = JSON.parse(readFileSync(file, "utf8"));
    assert.ok(bundle.events.length > 20);
  });

  test("of a past moment is downloaded from the page of that moment", async () => {
    await annika.goto("/proposals/byshiv-bacsalmas_water?at=385");
    await annika.sees("You see the past.");
    const [download] = await Promise.all([annika.page.waitForEvent("download"), annika.page.getByRole("link", { name: "Download the evidence bundle" }).click()]);
    const good = spawnSync(process.execPath, [verifier, await download.path()], { encoding: "utf8" });
    assert.equal(good.status, 0, good.stderr);
    assert.match(good.stdout, /^VERIFIED {2}proposal\/byshiv-bacsalmas_water, as of 385 events/);
  });
});
