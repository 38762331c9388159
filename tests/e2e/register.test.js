import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Desk } from "./support/desk.js";
import { tick } from "./support/forms.js";
import { Server } from "./support/server.js";
import { until } from "./support/until.js";

const registers = ["hromadas.csv", "eu-municipalities.csv"].map((name) => fileURLToPath(new URL(`registers/${name}`, import.meta.url)));

suite("the registers of municipalities", () => {
  let server, oksana;

  before(async () => {
    server = await Server.start();
    oksana = await Desk.of(server.url, "Oksana Tymchuk");
  });
  after(async () => {
    await oksana?.close();
    await server?.stop();
  });

  const rows = () => oksana.page.getByRole("main").getByRole("listitem");

  async function finds(typed, country, names) {
    await oksana.page.getByLabel("Name").fill(typed);
    await oksana.page.getByLabel("Country").selectOption({ label: country });
    await until(`“${typed}” in ${country} finds ${names}`, async () => {
      const shown = await rows().locator("strong").allInnerTexts();
      return JSON.stringify(shown.toSorted()) === JSON.stringify(names.toSorted());
    });
  }

  test("are taken in while the server runs", async () => {
    await oksana.open("Municipalities");
    await finds("Tartu", "All countries", []);
    await oksana.sees("No municipality has that name.");
    const { code, out } = await server.run("import", ...registers);
    assert.equal(code, 0, out);
    await finds("Tart", "All countries", ["Tartu linn"]);
    oksana.isQuiet();
  });

  test("are searched in either script and by country", async () => {
    await finds("vinnyts", "All countries", ["Vinnytsia"]);
    await finds("Вінниц", "Ukraine", ["Vinnytsia"]);
    await finds("косів", "All countries", ["Kosiv"]);
    await finds("cesu", "Latvia", ["Cēsu novads"]);
    await finds("cesu", "Estonia", []);
    await finds("bacs", "Hungary", ["Bácsalmás"]);
    await oksana.sees("1 municipality");
    oksana.isQuiet();
  });

  test("keep the search in the address", async () => {
    await finds("vinnyts", "Ukraine", ["Vinnytsia"]);
    await until("the search stands in the address", () => new URL(oksana.page.url()).searchParams.get("search") === "vinnyts");
    await oksana.goto(new URL(oksana.page.url()).pathname + new URL(oksana.page.url()).search);
    await until("the page opens with what was found", async () => (await rows().locator("strong").allInnerTexts()).join() === "Vinnytsia");
  });

  test("lead to a proposed partnership with a town found there", async () => {
    await finds("sopron", "Hungary", ["Sopron"]);
    await rows().getByRole("link", { name: "Propose a partnership: Sopron" }).click();
    await oksana.title("Propose a partnership");
    await tick(oksana.page, "Culture");
    await oksana.press("Propose");
    await oksana.title("Byshiv – Sopron");
    await oksana.sees("Waits for Sopron to accept.");
    oksana.isQuiet();
  });

  test("name towns that no partnership names", async () => {
    const clara = await Desk.of(server.url, "Clara Devreese", { browser: oksana.browser, path: "/municipalities/EE_0793/history" });
    await clara.title("History of Tartu linn");
    await clara.seesNo(clara.page.getByText("EE_0793"));
    await clara.goto("/municipalities/UA26100010000076570/history");
    await clara.title("History of Kosiv");
    const uk = await Desk.of(server.url, "Clara Devreese", { browser: oksana.browser, locale: "uk-UA", path: "/municipalities/UA26100010000076570/history" });
    await uk.title(/Косівська громада/);
    await uk.goto("/municipalities/UA00000000000000000/history"); // no such town
    await uk.title(/UA00000000000000000/);
    for (const desk of [clara, uk]) await desk.close();
  });

  test("change nothing when they are read a second time", async () => {
    const size = async () => (await oksana.ask("/v1/views/programme")).size;
    const before = await size();
    const { code, out } = await server.run("import", ...registers);
    assert.equal(code, 0, out);
    assert.equal(await size(), before);
  });
});
