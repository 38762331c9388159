import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { Desk, openBrowser } from "./support/desk.js";
import { choose, dayFromNow, pick, tick, write, writeDate } from "./support/forms.js";
import { Server } from "./support/server.js";
import { fillsForm, Sheet } from "./support/texts.js";

// Oksana of Byshiv and Réka of Bácsalmás sit at two computers. Whatever one does, the other sees on the page
// that is open before her.
suite("what one does, the other sees without reloading", () => {
  let server, oksana, reka;

  before(async () => {
    server = await Server.start();
    [oksana, reka] = await Promise.all([Desk.of(server.url, "Oksana Tymchuk"), Desk.of(server.url, "Réka Szendrei")]);
  });
  after(async () => {
    await oksana?.close();
    await reka?.close();
    await server?.stop();
  });

  const main = (desk) => desk.page.getByRole("main");
  const dialog = (desk) => desk.page.getByRole("dialog");

  function bothStayed() {
    oksana.isQuiet();
    reka.isQuiet();
  }

  test("a partnership is proposed by one side and accepted by the other", async () => {
    await oksana.open("Partnerships");
    await main(oksana).getByRole("link", { name: "Propose a partnership" }).click();
    await oksana.title("Propose a partnership");
    await oksana.page.getByRole("combobox", { name: "Which municipality?" }).fill("bacsalm");
    await oksana.page.getByRole("option", { name: /Bácsalmás/ }).click();
    await tick(oksana.page, "Culture");
    await write(oksana.page, /^Note/, "A summer of two choirs");
    await oksana.press("Propose");
    await oksana.title("Byshiv – Bácsalmás");
    await oksana.sees("Waits for Bácsalmás to accept.");

    const needs = reka.page.getByRole("region", { name: /^Needs you/ });
    await needs.getByRole("heading", { name: "Answer Byshiv" }).waitFor();
    await reka.press("Accept the partnership: Answer Byshiv", needs);

    await oksana.sees("Both sides have accepted.");
    await reka.seesNo(needs.getByRole("heading", { name: "Answer Byshiv" }));
    bothStayed();
  });

  test("the activity of one stands in the other's feed", async () => {
    await Promise.all([oksana.open("Activity"), reka.open("Activity")]);
    for (const desk of [oksana, reka]) {
      await main(desk).getByRole("listitem").filter({ hasText: "Partnership accepted by Bácsalmás" }).filter({ hasText: "Réka Szendrei" }).first().waitFor();
    }
    bothStayed();
  });

  test("a visit is planned, confirmed, postponed, held and reported", async () => {
    await reka.open("Visits");
    await oksana.open("Visits");
    await main(oksana).getByRole("link", { name: "Plan a visit" }).click();
    await oksana.title("Plan a visit");
    await choose(oksana.page, "Byshiv – Bácsalmás (Culture)"); // there are two between these towns by now
    await write(oksana.page, "What is it called?", "Two choirs in Byshiv");
    await choose(oksana.page, "Return visit");
    await choose(oksana.page, "Ukrainian side");
    await writeDate(oksana.page, /^First day/, dayFromNow(20));
    await writeDate(oksana.page, /^Last day/, dayFromNow(22));
    await oksana.press("Plan the visit");
    await oksana.title("Two choirs in Byshiv");
    await oksana.sees("Waits for Bácsalmás to confirm.");

    await main(reka).getByRole("listitem").getByRole("link", { name: "Two choirs in Byshiv" }).click();
    await reka.title("Two choirs in Byshiv");
    await reka.press("Confirm the dates");
    await oksana.sees("Both sides have confirmed.");

    await oksana.press("Postpone");
    await writeDate(dialog(oksana), /^First day/, dayFromNow(0));
    await write(dialog(oksana), "Reason", "The road is closed");
    await oksana.press("Postpone", dialog(oksana));
    await reka.sees("The road is closed");
    await reka.sees("Waits for Byshiv, Bácsalmás to confirm.");
    await reka.press("Confirm the dates");
    await oksana.sees("Waits for Byshiv to confirm.");
    await oksana.press("Confirm the dates");
    await reka.sees("Both sides have confirmed.");

    await reka.press("Record that it was held");
    await write(dialog(reka), /^People from the Ukrainian side/, "17");
    await write(dialog(reka), /^People from the EU side/, "21");
    await reka.press("Record that it was held", dialog(reka));
    await oksana.sees("17 from the Ukrainian side, 21 from the EU side");

    await oksana.press("Write the report");
    await write(dialog(oksana), "Summary", "Two choirs sang together.\nThe hall was full.");
    await write(dialog(oksana), /^Lessons/, "Rehearse online first\nBring the notes of both anthems");
    await oksana.press("Save", dialog(oksana));
    await reka.sees("The hall was full.");
    await reka.page.getByRole("listitem").filter({ hasText: "Bring the notes of both anthems" }).waitFor();
    bothStayed();
  });

  test("a recorded fact is corrected, and the other sees the corrected fact with name and reason", async () => {
    for (const desk of [oksana, reka]) await main(desk).getByText("Recorded facts").click();
    await oksana.press(/^Correct: .*was held/);
    await write(dialog(oksana), /^People from the EU side/, "24");
    await write(dialog(oksana), "Why is it corrected?", "Three arrived by train");
    await oksana.press("Record the correction", dialog(oksana));
    await reka.sees("17 from the Ukrainian side, 24 from the EU side");
    await reka.sees(/corrected by Oksana Tymchuk.*Three arrived by train/);
    bothStayed();
  });

  test("a proposal is drafted by one and written by both", async () => {
    await reka.open("Proposals");
    await oksana.open("Proposals");
    await main(oksana).getByRole("link", { name: "Draft a proposal" }).click();
    await oksana.title("Draft a proposal");
    await choose(oksana.page, "Byshiv – Bácsalmás (Culture)");
    await write(oksana.page, "Title", "A stage for two choirs");
    await tick(oksana.page, "Culture");
    await oksana.press("Start the draft");
    await oksana.title("A stage for two choirs");

    await main(reka).getByRole("link", { name: "A stage for two choirs" }).click();
    await reka.title("A stage for two choirs");

    await reka.press("Edit the title");
    await write(reka.page, "Title", "An open stage for two choirs");
    await reka.press("Save");
    await oksana.title("An open stage for two choirs");

    await oksana.press("Edit: Summary");
    await write(oksana.page, "Summary", "A wooden stage in the park of Byshiv.");
    await oksana.press("Save");
    await reka.sees("A wooden stage in the park of Byshiv.");

    await reka.press("Edit: Sectors");
    await tick(dialog(reka), "Youth");
    await reka.press("Save", dialog(reka));
    await oksana.sees("Culture, Youth");

    await oksana.press("Add a budget line");
    await write(dialog(oksana), "What for?", "Timber and carpenters");
    await pick(dialog(oksana), "Category", "Infrastructure");
    await choose(dialog(oksana), "Byshiv");
    await write(dialog(oksana), "Amount", "18,400.50");
    await oksana.press("Save", dialog(oksana));
    const budget = reka.page.getByRole("region", { name: "Budget" });
    await budget.getByRole("listitem").filter({ hasText: "Timber and carpenters" }).filter({ hasText: /18,400\.50/ }).waitFor();

    await reka.press("Add a source");
    await write(dialog(reka), "Who gives it?", "Friends of the choir");
    await choose(dialog(reka), "Donation");
    await write(dialog(reka), "Amount", "8000");
    await choose(dialog(reka), "Confirmed");
    await reka.press("Save", dialog(reka));
    const funding = oksana.page.getByRole("region", { name: "Funding" });
    await funding.getByRole("listitem").filter({ hasText: "Friends of the choir" }).waitFor();
    await funding.getByText(/10,400\.50 still missing/).waitFor();

    await oksana.press("Add an indicator");
    await write(dialog(oksana), "What is measured?", "Concerts a year");
    await write(dialog(oksana), "Unit", "concerts");
    await write(dialog(oksana), /^Today/, "2");
    await write(dialog(oksana), /^Goal/, "12");
    await oksana.press("Save", dialog(oksana));
    await reka.page.getByRole("region", { name: "Indicators" }).getByText("2 → 12 concerts").waitFor();

    await reka.press("Edit: Timber and carpenters");
    await write(dialog(reka), "Amount", "19,000");
    await reka.press("Save", dialog(reka));
    await oksana.page.getByRole("region", { name: "Budget" }).getByRole("listitem").filter({ hasText: /19,000/ }).waitFor();
    bothStayed();
  });

  test("the form is written by both, each sees the other's words, and with the last section approval can be asked for", async () => {
    const mine = new Sheet(oksana, "Objective");
    await mine.opens();
    await mine.types("A stage where both towns sing.");
    const hers = new Sheet(reka, "Objective");
    await hers.region.getByText("A stage where both towns sing.").waitFor();
    await mine.done();

    await fillsForm(reka, new URL(reka.page.url()).pathname.split("/").at(-1), ["needs", "target_groups", "partnership", "activities", "results", "risks"]);
    for (const desk of [oksana, reka]) {
      await desk.sees("Before asking for approval it needs the section “Sustainability”.");
      assert.equal(await desk.page.getByRole("button", { name: "Ask both mayors to approve" }).count(), 0);
    }
    const last = new Sheet(reka, "Sustainability");
    await last.opens();
    await last.types("Both towns tend it.");
    await last.done();
    await oksana.page.getByRole("button", { name: "Ask both mayors to approve" }).waitFor();
    bothStayed();
  });

  test("what both write at once is told, and neither text is lost", async () => {
    await oksana.press("Edit: Summary");
    await write(oksana.page, "Summary", "A stage of oak in the park.");
    await reka.press("Edit: Summary");
    await write(reka.page, "Summary", "A stage of oak, built by both towns.");
    await reka.press("Save");
    await oksana.sees("Someone else changed this while you were writing.");
    assert.equal(await oksana.page.getByRole("textbox", { name: "Summary" }).inputValue(), "A stage of oak in the park.");
    await oksana.press("Take their text");
    assert.equal(await oksana.page.getByRole("textbox", { name: "Summary" }).inputValue(), "A stage of oak, built by both towns.");
    await oksana.press("Cancel");
    bothStayed();
  });

  test("asking for approval locks the proposal before the other's eyes, and a late edit is refused with its words kept", async () => {
    await oksana.press("Edit the title");
    await write(oksana.page, "Title", "An oak stage for two choirs");
    await oksana.press("Add a budget line");
    await write(dialog(oksana), "What for?", "Lamps along the path");
    await pick(dialog(oksana), "Category", "Equipment");
    await choose(dialog(oksana), "Byshiv");
    await write(dialog(oksana), "Amount", "950");

    await reka.press("Ask both mayors to approve");
    await reka.press("Ask for approval", dialog(reka));
    await reka.sees("Locked: it waits for approval.");

    await oksana.press("Save", dialog(oksana));
    await oksana.sees(dialog(oksana).getByText(/It is locked while it waits for approval.*What you wrote is still here/));
    assert.equal(await dialog(oksana).getByRole("textbox", { name: "What for?" }).inputValue(), "Lamps along the path");
    assert.equal(await dialog(oksana).getByRole("textbox", { name: "Amount" }).inputValue(), "950");
    await oksana.press("Cancel", dialog(oksana));

    await oksana.press("Save");
    await oksana.sees(/It is locked while it waits for approval.*What you wrote is still here/);
    assert.equal(await oksana.page.getByRole("textbox", { name: "Title" }).inputValue(), "An oak stage for two choirs");
    await oksana.press("Cancel");

    for (const desk of [oksana, reka]) {
      await desk.sees("Locked: it waits for approval.");
      // What places are is no part of what is approved.
      await desk.seesNo(desk.page.locator("section:not(#sites) button:visible, header button:visible").filter({ hasText: /^\s*(Edit|Add|Remove)/ }));
    }
    assert.equal(await oksana.page.getByText("Lamps along the path").count(), 0);
    bothStayed();
  });

  test("both mayors approve, one from Today and one from the proposal, and the officers see the banks close", async () => {
    const [ostap, gergo] = await Promise.all([
      Desk.of(server.url, "Ostap Verbovyi", { browser: oksana.browser }), Desk.of(server.url, "Gergő Halmos", { browser: reka.browser }),
    ]);
    await ostap.press("Approve version 1: Sign “An open stage for two choirs”");
    const approval = (desk) => desk.page.getByRole("region", { name: "Approval" });
    for (const desk of [oksana, reka]) await approval(desk).getByText("Ostap Verbovyi").waitFor();

    await gergo.sees("The other side has signed.");
    await gergo.page.getByRole("link", { name: "Sign “An open stage for two choirs”" }).click();
    await gergo.title("An open stage for two choirs");
    await gergo.sees("Your signature is asked for");
    await gergo.press("Approve version 1");
    for (const desk of [oksana, reka, gergo]) {
      await approval(desk).getByText("Gergő Halmos").waitFor();
      await main(desk).getByText("Approved", { exact: true }).first().waitFor();
    }
    ostap.isQuiet();
    gergo.isQuiet();
    await ostap.close();
    await gergo.close();
    bothStayed();
  });

  test("the approved version is submitted, and the funder's answer is recorded by the other side", async () => {
    await oksana.press("Submit to a funder");
    await write(dialog(oksana), "Funder", "Culture of Europe");
    await write(dialog(oksana), /^Funder’s reference/, "CE-2027-118");
    await oksana.press("Submit for ever", dialog(oksana));
    await reka.sees("Submitted to Culture of Europe");
    await reka.sees("Frozen: this version was submitted.");

    await reka.press("Record the funder’s answer");
    await choose(dialog(reka), "Granted");
    await write(dialog(reka), /^Granted amount/, "11000");
    await reka.press("Save", dialog(reka));
    const approval = oksana.page.getByRole("region", { name: "Approval" });
    await approval.getByText(/11,000/).waitFor();
    await main(oksana).getByText("Granted", { exact: true }).first().waitFor();
    bothStayed();
  });

  test("what became of the proposal stands in both feeds and on both lists", async () => {
    for (const desk of [oksana, reka]) {
      await desk.open("Activity");
      await main(desk).getByText(/The funder answered on “An open stage for two choirs”: granted/).waitFor();
      await desk.open("Proposals");
      await main(desk).getByRole("listitem").filter({ hasText: "An open stage for two choirs" }).getByText("Granted", { exact: true }).waitFor();
    }
    bothStayed();
  });
});
