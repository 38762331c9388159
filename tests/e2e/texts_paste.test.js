import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { Desk, openBrowser } from "./support/desk.js";
import { Server } from "./support/server.js";
import { areEqual, lettersOf, Sheet, textOf, topicOf } from "./support/texts.js";
import { until } from "./support/until.js";

suite("pasting", () => {
  let server, browser, oksana, sheet;
  const topic = topicOf("byshiv-bacsalmas_water", "risks");
  const path = "/proposals/byshiv-bacsalmas_water";

  before(async () => {
    [server, browser] = await Promise.all([Server.start(), openBrowser()]);
    oksana = await Desk.of(server.url, "Oksana Tymchuk", { browser, path });
    await oksana.context.grantPermissions(["clipboard-read", "clipboard-write"]);
    sheet = new Sheet(oksana, "Risks");
    await sheet.opens();
    await sheet.is("saved-for-everyone");
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  // As the browser hands it to the page; `repeat` spares sending megabytes to it.
  const paste = (what, repeat = 1) => sheet.box.evaluate((editor, { given, count }) => {
    const data = new DataTransfer();
    for (const [type, text] of Object.entries(given)) data.setData(type, text.repeat(count));
    editor.focus();
    editor.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  }, { given: what, count: repeat });

  // The whole of it can be copied, though a page shows its beginning only.
  async function isKept() {
    await sheet.parked.getByText(/^0123456789 abcd /).waitFor();
    await oksana.press("Copy the text", sheet.parked);
    await sheet.parked.getByText("Copied").waitFor();
    assert.equal(await oksana.page.evaluate(async () => (await navigator.clipboard.readText()).length), 10 * 1024 * 1024);
  }

  test("ten megabytes are refused in clear words, kept on this device, and the text is as it was", async () => {
    const before = await areEqual([sheet], topic);
    await paste({ "text/plain": "0123456789 abcd " }, 10 * 1024 * 1024 / 16);
    await sheet.parked.getByText(/200,000/).waitFor({ timeout: 60_000 });
    await isKept();
    assert.equal(await areEqual([sheet], topic), before);
    await sheet.goesToEnd();
    await sheet.types(" Typing goes on.");
    await until("what is typed arrives", async () => lettersOf((await textOf(oksana, topic)).content).includes(" Typing goes on."));

    await oksana.page.close();
    oksana = await oksana.tab(path);
    sheet = new Sheet(oksana, "Risks");
    await sheet.parked.getByText(/200,000/).waitFor({ timeout: 60_000 });
    await isKept();
    await oksana.press("Dismiss", sheet.parked);
    await oksana.seesNo(sheet.parked);
    await sheet.opens();
  });

  test("from Word keeps headings, lists, links and emphasis, and nothing else", async () => {
    await sheet.goesToEnd();
    await oksana.page.keyboard.press("Enter");
    await paste({
      "text/plain": "unused",
      "text/html": `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal{color:red}</style></head><body>
        <h1 style="mso-fareast-font-family:Calibri">Ризики</h1>
        <p class=MsoNormal style="color:red;font-size:40pt"><b style="mso-bidi-font-weight:normal">Flood</b> and <i>drought</i>, see <a href="https://example.org/risk">the study</a><a href="javascript:alert(1)">!</a><o:p></o:p></p>
        <p class=MsoListParagraph style="mso-list:l0 level1 lfo1"><span style="mso-list:Ignore">·<span>&nbsp; </span></span>pumps</p>
        <p class=MsoListParagraph style="mso-list:l0 level1 lfo1"><span style="mso-list:Ignore">·<span>&nbsp; </span></span>pipes</p>
        <img src="https://example.org/track.gif"><script>document.title = "taken"</script><table><tr><td>cell</td></tr></table></body></html>`,
    });
    await sheet.box.getByText("pipes", { exact: true }).waitFor();
    await areEqual([sheet], topic);
    const { content } = await textOf(oksana, topic);
    const letters = lettersOf(content), looks = content.flatMap(({ insert, attributes = {} }) => Array(insert.length).fill(attributes));
    const look = (part) => looks[letters.lastIndexOf(part)];
    const line = (part) => looks[letters.indexOf("\n", letters.lastIndexOf(part))];
    assert.deepEqual(look("Flood"), { bold: true });
    assert.deepEqual(look("drought"), { italic: true });
    assert.deepEqual(look("the study"), { link: "https://example.org/risk" });
    assert.deepEqual(line("Ризики"), { header: 1 });
    assert.deepEqual([line("pumps"), line("pipes")], [{ list: "bullet" }, { list: "bullet" }]);
    const allowed = new Set(["bold", "italic", "underline", "link", "header", "list", "blockquote"]);
    assert.deepEqual(content.flatMap(({ attributes }) => Object.keys(attributes ?? {})).filter((name) => !allowed.has(name)), []);
    assert.ok(!JSON.stringify(content).includes("javascript:"));
    assert.deepEqual(oksana.problems, []);
  });

  test("from a web page likewise", async () => {
    await sheet.goesToEnd();
    await oksana.page.keyboard.press("Enter");
    await paste({ "text/plain": "unused", "text/html": `<div style="display:grid"><h2>From the web</h2><ol><li>one<li>two</ol><blockquote>quoted</blockquote><span style="font-weight:700;color:#f00">heavy</span><video src="x.mp4"></video></div>` });
    await sheet.box.getByText("heavy").waitFor();
    await areEqual([sheet], topic);
    const { content } = await textOf(oksana, topic);
    const runs = content.slice(content.findIndex(({ insert }) => insert.includes("From the web")));
    const looks = runs.flatMap(({ attributes }) => attributes ? [attributes] : []).filter((one, index, all) => index === 0 || JSON.stringify(one) !== JSON.stringify(all[index - 1]));
    assert.deepEqual(looks, [{ header: 2 }, { list: "ordered" }, { blockquote: true }, { bold: true }]);
    assert.deepEqual(oksana.problems, []);
  });
});
