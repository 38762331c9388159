// Signing in by an organisation's own provider, as people meet it: the page of the provider is another site's.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { OpenIdProvider } from "../sockets/support/openid_provider.js";
import { Desk, openBrowser } from "./support/desk.js";
import { screenshots, Server } from "./support/server.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"];
const password = "a bridge over the river";
const folder = join(screenshots, "openid");

suite("signing in by an organisation's own provider", () => {
  const endings = [];
  let provider, server, browser, olena, ivan;

  before(async () => {
    mkdirSync(folder, { recursive: true });
    provider = await OpenIdProvider.start({ after: (ending) => endings.push(ending) }, { algorithm: "ES256", asks: true });
    [server, browser] = await Promise.all([Server.start({ demo: false, settings: provider.settings({ organisations: ["cemr", "auc"] }) }), openBrowser()]);
    // The server is 127.0.0.1, the provider localhost: two sites to a browser.
    provider.redirectUris.add(`${server.url}/v1/openid/kyiv/callback`);
    olena = await Desk.open(server.url, { browser });
    ivan = await Desk.open(server.url, { browser, locale: "uk-UA", width: 360, height: 780 });
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
    for (const ending of endings) await ending();
  });

  // Keeps a picture at both widths, and looks for what keeps people out.
  async function look({ page }, name) {
    const before = page.viewportSize();
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 780 });
      await page.screenshot({ path: join(folder, `${name}-${width}.png`), fullPage: true });
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} fits ${width}`);
      await page.evaluate(axe);
      const found = await page.evaluate((tags) => window.axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] }), rules);
      assert.deepEqual(found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`), [], `${name} at ${width}`);
    }
    await page.setViewportSize(before);
  }

  const fill = (desk, label, text) => desk.page.getByLabel(label, { exact: true }).fill(text);
  const forgive = (desk, status) => { desk.problems = desk.problems.filter((told) => !told.includes(String(status))); };
  const linkFor = async (name, organisation, language) => {
    const { out } = await server.run("invite", "--name", name, "--organisation", organisation, "--role", organisation === "cemr" ? "secretariat" : "association", "--language", language);
    return /(\/join#\S+)/.exec(out)[1];
  };

  // At the provider's page.
  async function goOn(desk) {
    await desk.title("Provider");
    await desk.page.getByRole("button", { name: /^Go on as/ }).click();
  }

  test("a person joins with it, and needs no password", async () => {
    const { page } = ivan;
    provider.subject = "ivan-1";
    await ivan.goto(await linkFor("Іван Петренко", "auc", "uk"));
    await ivan.title("Вітаємо, Іван Петренко");
    await look(ivan, "join-uk");
    await ivan.press("Приєднатися через Київ Цифровий");
    await goOn(ivan);
    await ivan.title("Сьогодні");
    await ivan.isLive();
    assert.equal(new URL(page.url()).pathname + new URL(page.url()).search, "/");
  });

  test("the page of the account says so, and that it is the last way in", async () => {
    const { page } = ivan;
    await ivan.goto("/account");
    await ivan.sees("Київ Цифровий: приєднано. Ви можете входити так.");
    await look(ivan, "account-uk");
    await ivan.press("Від’єднати Київ Цифровий");
    await ivan.sees("Це ваш єдиний спосіб увійти. Спершу встановіть пароль.");
    forgive(ivan, 409);
    assert.ok(await page.getByText("приєднано. Ви можете").isVisible());
  });

  test("signed out, the person signs in with it again", async () => {
    const { page } = ivan;
    await ivan.post("/v1/sign-out", {}).catch(() => {}); // 204
    await ivan.goto("/");
    await ivan.title("Увійти");
    await look(ivan, "sign-in-uk");
    await ivan.press("Увійти через Київ Цифровий");
    await goOn(ivan);
    await ivan.title("Сьогодні");
    await ivan.isLive();
    await page.reload();
    await ivan.title("Сьогодні");
    for (const status of [401, 404]) forgive(ivan, status);
    assert.deepEqual(ivan.problems, []);
  });

  test("who has a password links it, and is told in words when something is wrong", async () => {
    const { page } = olena;
    await olena.goto(await linkFor("Olena Koval", "cemr", "en"));
    await olena.title("Welcome, Olena Koval");
    await fill(olena, "E-mail address", "olena@cemr.eu");
    await fill(olena, "Choose a password", password);
    await olena.press("Join");
    await olena.title("Today");
    await olena.isLive();
    await olena.goto("/account");
    await olena.press("Link Kyiv Digital");
    await fill(olena, "Your password now", password);
    await look(olena, "link");
    await olena.press("Link Kyiv Digital");
    await goOn(olena); // as Ivan
    await olena.title("My account");
    await olena.sees(/This sign-in is linked with somebody else's account here/);
    await look(olena, "link-refused");
    assert.equal(new URL(page.url()).search, "");

    provider.subject = "olena-1";
    await olena.press("Link Kyiv Digital");
    await fill(olena, "Your password now", password);
    await olena.press("Link Kyiv Digital");
    await goOn(olena);
    await olena.title("My account");
    await olena.sees("It is linked now.");
    await olena.press("Unlink Kyiv Digital");
    await fill(olena, "Your password now", password);
    await look(olena, "unlink");
    await olena.press("Unlink Kyiv Digital");
    await olena.sees("It is unlinked.");
    await olena.sees("Kyiv Digital: not linked.");
  });

  test("whoever nobody knows, or who gives up, reads on the page of sign-in what to do", async () => {
    const stranger = await Desk.open(server.url, { browser });
    provider.subject = "stranger-1";
    await stranger.goto("/");
    await stranger.press("Sign in with Kyiv Digital");
    await goOn(stranger);
    await stranger.title("Sign in");
    await stranger.sees(/Nobody here is linked with this sign-in/);
    await look(stranger, "unknown");
    provider.asks = false;
    provider.subject = undefined;
    await stranger.press("Sign in with Kyiv Digital");
    await stranger.sees(/You did not sign in at your organisation's page/);
    provider.answer["/token"] = (_request, response) => response.writeHead(500).end();
    provider.subject = "ivan-1";
    await stranger.press("Sign in with Kyiv Digital");
    await stranger.sees(/Your organisation's sign-in does not answer as it should/);
    delete provider.answer["/token"];
    await stranger.press("Sign in with Kyiv Digital");
    await stranger.title("Today");
    for (const status of [401, 404]) forgive(stranger, status);
    assert.deepEqual(stranger.problems, []);
    await stranger.close();
  });

  test("nobody complained", () => {
    for (const desk of [olena, ivan]) {
      for (const status of [401, 404]) forgive(desk, status);
      assert.deepEqual(desk.problems, []);
    }
  });
});
