import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { Desk, openBrowser } from "./support/desk.js";
import { write } from "./support/forms.js";
import { Server } from "./support/server.js";
import { lettersOf, Sheet, textOf, topicOf } from "./support/texts.js";
import { until } from "./support/until.js";

suite("the past of a section", () => {
  let server, browser, oksana, reka, mine, hers;
  const topic = topicOf("byshiv-bacsalmas_water", "objective");
  const added = " By 2031 nobody carries water home.";

  before(async () => {
    [server, browser] = await Promise.all([Server.start(), openBrowser()]);
    const path = "/proposals/byshiv-bacsalmas_water";
    [oksana, reka] = await Promise.all(["Oksana Tymchuk", "Réka Szendrei"].map((name) => Desk.of(server.url, name, { browser, path })));
    [mine, hers] = [new Sheet(oksana, "Objective"), new Sheet(reka, "Objective")];
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const past = (desk) => desk.page.getByRole("region", { name: "History of this section: Objective" });
  const slider = (desk) => past(desk).getByRole("slider", { name: "Revision" });
  const letters = async () => lettersOf((await textOf(oksana, topic)).content);

  test("a version gets a name, and the text stays as it is", async () => {
    await hers.opens();
    await hers.types(added);
    await hers.is("saved-for-everyone");
    await hers.done();
    await hers.press("history");
    await reka.press("Name this version", past(reka));
    await write(reka.page.getByRole("dialog"), "Name", "sent to the council");
    await reka.press("Save", reka.page.getByRole("dialog"));
    await past(reka).getByRole("region", { name: "Named versions" }).getByText("sent to the council").waitFor();
    assert.ok((await letters()).endsWith(`${added}\n`));
  });

  test("a slider leads through every revision, from before the first letter to now", async () => {
    await mine.opens();
    await mine.goesTo(0);
    await oksana.page.keyboard.press("Control+Delete");
    await mine.types("Safe");
    await mine.is("saved-for-everyone");
    await mine.done();
    const { revisions } = await textOf(oksana, topic);
    await mine.press("history");
    await past(oksana).getByText(`Revision ${revisions} of ${revisions}`).waitFor();
    await past(oksana).getByText(/^Safe/).first().waitFor();

    await slider(oksana).press("Home");
    await past(oksana).getByText("Empty, before the first letter").first().waitFor();
    await slider(oksana).press("ArrowRight");
    await past(oksana).getByText(`Revision 1 of ${revisions}`).waitFor();
    await past(oksana).getByText(/^Oksana Tymchuk, /).first().waitFor();
    await oksana.press("Later writer", past(oksana));
    await past(oksana).getByText(/^Réka Szendrei, /).first().waitFor();
    await past(oksana).getByRole("insertion").filter({ hasText: added.trim() }).waitFor();
  });

  test("two versions are compared: what is new and what is gone is marked", async () => {
    await slider(oksana).press("End");
    await oksana.press("Compare with: sent to the council", past(oksana));
    await until("the change since is marked", async () => (await past(oksana).getByRole("insertion").allInnerTexts()).includes("Safe"));
    assert.ok((await past(oksana).getByRole("deletion").allInnerTexts()).some((gone) => gone.startsWith("Clean")));
  });

  test("restoring brings the named version back before both, and each sentence keeps its writer", async () => {
    await oksana.press("Restore “sent to the council”", past(oksana));
    await oksana.press("Restore", oksana.page.getByRole("dialog"));
    await hers.region.getByText(/^Clean drinking water/).first().waitFor();
    await until("the server has it", async () => /^Clean drinking.*home\.\n$/s.test(await letters()));
    const { runs } = await oksana.ask(`/v1/texts/${topic.slice(5)}/authors`);
    const writers = runs.flatMap(({ actor, length }) => Array(length).fill(actor)); // of each letter
    const [first, last] = await Promise.all([oksana, reka].map(async (desk) => (await desk.ask("/v1/me")).actor));
    assert.deepEqual(new Set(writers.slice(-1 - added.length, -1)), new Set([last]));
    assert.deepEqual(new Set(writers.slice(10, -1 - added.length)), new Set([first]));
  });

  test("a selected sentence tells who wrote it and when", async () => {
    await oksana.goto("/proposals/byshiv-bacsalmas_water");
    await mine.opens();
    await mine.goesToEnd();
    for (let step = 1; step < added.length; step += 1) await oksana.page.keyboard.press("Shift+ArrowLeft");
    await oksana.press("Who wrote this?", oksana.page.getByRole("group", { name: "Selected passage" }));
    const authors = oksana.page.getByRole("region", { name: "Who wrote this passage" });
    await authors.getByText(/^Réka Szendrei/).waitFor();
    assert.equal(await authors.getByRole("listitem").count(), 1);
    assert.equal(await authors.getByText(/^Oksana/).count(), 0);
    for (const desk of [oksana, reka]) desk.isQuiet();
  });
});
