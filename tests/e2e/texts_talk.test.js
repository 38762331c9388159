import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { Desk, openBrowser } from "./support/desk.js";
import { choose, write } from "./support/forms.js";
import { Server } from "./support/server.js";
import { lettersOf, Sheet, textOf, topicOf } from "./support/texts.js";
import { until } from "./support/until.js";

// Oksana of Byshiv, Réka of Bácsalmás and Piotr, an expert, have one proposal open.
suite("what is said about a text", () => {
  let server, browser, oksana, reka, piotr;
  const topic = topicOf("byshiv-bacsalmas_water", "objective");
  const words = "Clean drinking water";

  before(async () => {
    [server, browser] = await Promise.all([Server.start(), openBrowser()]);
    const path = "/proposals/byshiv-bacsalmas_water";
    [oksana, reka, piotr] = await Promise.all(
      ["Oksana Tymchuk", "Réka Szendrei", "Piotr Zawilski"].map((name) => Desk.of(server.url, name, { browser, path })));
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const sheet = (desk) => new Sheet(desk, "Objective");
  const dialog = (desk) => desk.page.getByRole("dialog");
  const thread = (desk, name) => desk.page.getByRole("region", { name: "Comments: Objective" }).getByRole("article", { name });
  const suggestion = (desk) => desk.page.getByRole("region", { name: "Suggested changes: Objective" }).getByRole("article", { name: /^Suggested by Réka Szendrei/ });
  const letters = async () => lettersOf((await textOf(oksana, topic)).content);

  test("a passage is commented on, the other replies and settles it", async () => {
    const hers = sheet(reka);
    await hers.opens();
    await hers.goesTo(0);
    for (let step = 0; step < words.length; step += 1) await reka.page.keyboard.press("Shift+ArrowRight");
    await reka.press("Comment", reka.page.getByRole("group", { name: "Selected passage" }));
    await write(dialog(reka), "Your comment", "For how many people?");
    await reka.press("Comment", dialog(reka));
    await hers.done();

    await thread(oksana, `Comment: ${words}`).getByText("For how many people?").waitFor();
    await oksana.press("Reply", thread(oksana, `Comment: ${words}`));
    await write(dialog(oksana), "Your reply", "For eleven thousand.");
    await oksana.press("Reply", dialog(oksana));
    await thread(reka, `Comment: ${words}`).getByText("For eleven thousand.").waitFor();

    await reka.press("Resolve", thread(reka, `Comment: ${words}`));
    const settled = oksana.page.getByRole("region", { name: "Comments: Objective" }).getByText("1 settled");
    await settled.click();
    await thread(oksana, `Comment: ${words}`).getByText("Resolved by Réka Szendrei").waitFor();
    await oksana.press("Reopen", thread(oksana, `Comment: ${words}`));
    await reka.page.getByRole("region", { name: "Comments: Objective" }).getByText("1 open comment").waitFor();
  });

  test("when the passage is deleted the thread stays and says so", async () => {
    const mine = sheet(oksana);
    await mine.opens();
    await mine.goesTo(0);
    for (let step = 0; step < words.length; step += 1) await oksana.page.keyboard.press("Shift+ArrowRight");
    await mine.types("Water");
    await mine.is("saved-for-everyone");
    for (const desk of [oksana, reka]) {
      await thread(desk, `Comment: ${words}`).getByText("The passage was deleted.").waitFor();
      await thread(desk, `Comment: ${words}`).getByText("For eleven thousand.").waitFor();
    }
    await mine.done();
  });

  test("an expert gives advice on a paragraph, and an officer accepts it", async () => {
    assert.equal(await piotr.page.getByRole("button", { name: "Edit: Objective" }).count(), 0);
    assert.equal(await oksana.page.getByRole("button", { name: "Give advice: Objective" }).count(), 0);
    await piotr.press("Give advice: Objective");
    await choose(dialog(piotr), /^Water for the villages/);
    await write(dialog(piotr), "Your advice", "Name the year.");
    await piotr.press("Give advice", dialog(piotr));
    const advice = (desk) => thread(desk, /^Advice: Water for the villages/);
    await advice(oksana).getByText("Name the year.").waitFor();
    assert.equal(await advice(piotr).getByRole("button", { name: "Accept the advice" }).count(), 0);
    await oksana.press("Accept the advice", advice(oksana));
    await write(dialog(oksana), /^Why, or what you did/, "It is 2031.");
    await oksana.press("Accept the advice", dialog(oksana));
    await piotr.page.getByRole("region", { name: "Comments: Objective" }).getByText(/settled$/).click();
    await advice(piotr).getByText("Accepted by Oksana Tymchuk: It is 2031.").waitFor();
  });

  test("a suggested change is not made until the other side accepts it; one's own side cannot", async () => {
    const before = await letters();
    await sheet(reka).press("suggest");
    const copy = reka.page.getByRole("textbox", { name: /^Objective, suggesting$/i });
    await copy.waitFor();
    await reka.page.keyboard.press("Control+Home");
    await reka.page.keyboard.type("Reliable, safe. ");
    await reka.press("Propose the change");
    await write(dialog(reka), /^Why you suggest it/, "Funders ask for it.");
    await reka.press("Propose the change", dialog(reka));

    await suggestion(oksana).getByRole("insertion").getByText("Reliable, safe.").waitFor();
    await suggestion(oksana).getByText("Funders ask for it.").waitFor();
    assert.equal(await letters(), before);
    await suggestion(reka).getByRole("button", { name: "Withdraw" }).waitFor();
    assert.equal(await suggestion(reka).getByRole("button", { name: "Accept" }).count(), 0);
    const gergo = await Desk.of(server.url, "Gergő Halmos", { browser, path: "/proposals/byshiv-bacsalmas_water" });
    await suggestion(gergo).waitFor();
    assert.equal(await suggestion(gergo).getByRole("button", { name: /^(Accept|Decline)$/ }).count(), 0);
    const { suggestions } = await textOf(oksana, topic);
    for (const desk of [reka, gergo]) {
      await assert.rejects(desk.command(topic, "accept_suggestion", { suggestion: Object.keys(suggestions)[0] }), /not_allowed|may_not|own/);
    }
    await gergo.close();

    await oksana.press("Accept", suggestion(oksana));
    await until("it is the text", async () => await letters() === `Reliable, safe. ${before}`);
    await sheet(reka).region.getByText(/^Reliable, safe\. Water/).first().waitFor();
    await reka.page.getByRole("region", { name: "Suggested changes: Objective" }).getByText("1 settled").click();
    await reka.sees("Accepted by Oksana Tymchuk");
    for (const desk of [oksana, reka, piotr]) desk.isQuiet();
  });
});
