// Accounts as people meet them: from the first link to the last sign-out, on a wide screen and on a phone.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { Desk, openBrowser } from "./support/desk.js";
import { screenshots, Server } from "./support/server.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"];
const password = "a bridge over the river";
const folder = join(screenshots, "accounts");

// The code of an authenticator, so many steps of 30 seconds from now.
function codeOf(secret, steps = 0) {
  let bits = "";
  for (const letter of secret.replaceAll(" ", "")) bits += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0");
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const mac = createHmac("sha1", Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)))).update(counter).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

suite("accounts", () => {
  let server, browser, olena, ivan;

  before(async () => {
    mkdirSync(folder, { recursive: true });
    [server, browser] = await Promise.all([Server.start({ demo: false }), openBrowser()]);
    olena = await Desk.open(server.url, { browser });
    ivan = await Desk.open(server.url, { browser, locale: "uk-UA", width: 360, height: 780 });
    for (const desk of [olena, ivan]) await desk.context.grantPermissions(["clipboard-write"]);
  });
  after(async () => { await browser?.close(); await server?.stop(); });

  // Keeps a picture at both widths, and looks for what keeps people out.
  async function look(desk, name) {
    const { page } = desk;
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
  // What went wrong because somebody typed it wrong is said by the page; the browser complains, too.
  const forgive = (desk, status) => { desk.problems = desk.problems.filter((told) => !told.includes(String(status))); };

  test("a new server shows how to sign in, and the first link lets the secretariat join", async () => {
    const { page } = olena;
    await olena.goto("/");
    await olena.title("Sign in");
    await olena.press("Sign in");
    await olena.sees("Fill in “E-mail address”");
    await olena.sees("Fill in “Password”");
    await olena.hasFocus("E-mail address");
    await look(olena, "sign-in-empty");
    await page.reload();
    await olena.title("Sign in");
    await look(olena, "sign-in");
    forgive(olena, 404); // it asks whether this is a demo
    const { out } = await server.run("invite", "--name", "Olena Koval", "--organisation", "cemr", "--role", "secretariat", "--language", "en");
    const [, path] = /(\/join#\S+)/.exec(out);
    await olena.goto(path);
    await olena.title("Welcome, Olena Koval");
    await olena.sees("You are invited as: Secretariat, CEMR.");
    await look(olena, "join");
    await fill(olena, "E-mail address", "olena@cemr.eu");
    await fill(olena, "Choose a password", "short");
    await olena.press("Join");
    await olena.sees(/Take at least 12 characters/);
    await olena.hasFocus("Choose a password");
    forgive(olena, 422);
    await fill(olena, "Choose a password", password);
    await olena.press("Join");
    await olena.title("Today");
    await olena.isLive();
    assert.ok(!page.url().includes("#"), "the link's secret is gone from the address");
  });

  test("a used link says so", async () => {
    const desk = await Desk.open(server.url, { browser });
    await desk.goto("/join#used");
    await desk.sees("This invitation was used, withdrawn or has run out. Ask for a new one.");
    await desk.close();
  });

  test("the secretariat invites somebody, who joins by phone in Ukrainian", async () => {
    const { page } = olena;
    await olena.open("People");
    await olena.press("Invite somebody");
    await fill(olena, "Name", "Іван Петренко");
    await page.getByLabel("A programme organisation").check();
    await page.getByLabel("Association of Ukrainian Cities").check();
    await page.getByLabel("Role", { exact: true }).selectOption("association");
    await page.getByLabel("Українська").check();
    await look(olena, "invite");
    await olena.press("Make the link");
    const link = await page.locator("#link").textContent();
    assert.match(link, /^http:\/\/127\.0\.0\.1:\d+\/join#[\w-]{43}$/);
    await olena.sees("Invited, not joined yet");
    await olena.press("Copy");
    await olena.sees("Copied");
    await olena.sees(page.getByRole("listitem").filter({ hasText: "Іван Петренко" }).getByText("invited", { exact: true }));
    await fill(olena, "Filter by typing", "nobody of that name");
    await olena.sees("Nothing matches. Clear the filter to see all.");
    await fill(olena, "Filter by typing", "");
    await look(olena, "people");

    await ivan.goto(new URL(link).pathname + new URL(link).hash);
    await ivan.title("Вітаємо, Іван Петренко");
    await look(ivan, "join-uk");
    await fill(ivan, "Електронна адреса", "Ivan@AUC.ua");
    await fill(ivan, "Оберіть пароль", password);
    await ivan.press("Приєднатися");
    await ivan.title("Сьогодні");
    await ivan.isLive();
  });

  test("a second factor is set up with a QR code, and asked for at the next sign-in", async () => {
    const { page } = ivan;
    await ivan.press(/^Іван Петренко/);
    await page.getByRole("link", { name: "Мій обліковий запис" }).click();
    await ivan.title("Мій обліковий запис");
    await ivan.sees("Ви входите з адресою ivan@auc.ua.");
    await look(ivan, "account-uk");
    await ivan.press("Налаштувати автентифікатор");
    await fill(ivan, "Ваш теперішній пароль", password);
    await ivan.press("Далі");
    await page.getByRole("img", { name: "QR-код для автентифікатора" }).waitFor();
    await page.getByText("Ввести ключ вручну").click();
    await look(ivan, "second-factor-uk");
    const secret = await page.locator("details code").textContent();
    await fill(ivan, "Код автентифікатора", codeOf(secret, -1));
    await ivan.press("Далі");
    const codes = (await page.locator("#recovery").textContent()).split("\n");
    assert.equal(codes.length, 10);
    await look(ivan, "recovery-uk");
    await ivan.press("Я записав їх");
    await ivan.sees(/Залишилося: 10 кодів відновлення/);

    // The password alone does not take it away.
    await ivan.press("Вимкнути другий фактор");
    await fill(ivan, "Ваш теперішній пароль", password);
    await ivan.press("Вимкнути другий фактор");
    await ivan.sees("Заповніть «Код»");
    await fill(ivan, "Код", "000000");
    await look(ivan, "factor-remove-uk");
    await ivan.press("Вимкнути другий фактор");
    await ivan.sees(/^Код: Цей код неправильний або вже використаний/);
    forgive(ivan, 403);
    await ivan.press("Скасувати");

    await ivan.sees("Ненадісланого тут немає: усе написане надіслано.");
    await ivan.press("Забути цей пристрій");
    await ivan.title("Увійти");
    assert.deepEqual((await ivan.context.cookies()).map(({ name }) => name), [], "nor is the browser known any more");
    assert.deepEqual(await page.evaluate(() => Object.keys(localStorage).filter((key) => key !== "mosty.language")), [], "nothing of the person's stays");
    await fill(ivan, "Електронна адреса", "ivan@auc.ua");
    await fill(ivan, "Пароль", "a bridge over the wrong river");
    await ivan.press("Увійти");
    await ivan.sees("Адреса або пароль неправильні.");
    await ivan.hasFocus("Пароль");
    await fill(ivan, "Пароль", password);
    await ivan.press("Увійти");
    await ivan.sees("Шість цифр, які зараз показує автентифікатор, або один із ваших кодів відновлення.");
    await look(ivan, "code-uk");
    await fill(ivan, "Код", codeOf(secret));
    await ivan.press("Увійти");
    await ivan.title("Сьогодні");
    await ivan.isLive();
    for (const status of [401, 404]) forgive(ivan, status);
  });

  test("a token is made, shown once and revoked; the account tells all of it", async () => {
    const { page } = olena;
    await olena.press(/^Olena Koval/);
    await page.getByRole("link", { name: "My account" }).click();
    await olena.title("My account");
    await olena.press("Make a token");
    await fill(olena, "What is it for?", "Monday report");
    await olena.press("Make a token");
    await olena.hasFocus("Your password now");
    await page.locator("#token-password").fill(password);
    await olena.press("Make a token");
    assert.match(await page.locator("#token").textContent(), /^mosty_[\w-]{43}$/);
    await olena.hasFocus("Your new token");
    const [file] = await Promise.all([page.waitForEvent("download"), olena.press("Save it as a file")]);
    const mine = JSON.parse(readFileSync(await file.path(), "utf8"));
    assert.equal(file.suggestedFilename(), "mosty-about-me.json");
    assert.deepEqual([mine.profile.name, mine.sessions.map(({ browser }) => browser)], ["Olena Koval", ["Chrome"]]);
    assert.ok(mine.events.length > 0);
    await look(olena, "account");
    // Signing out everywhere says what becomes of the token; here somebody thinks better of it.
    const also = page.getByLabel(/^Revoke my tokens for scripts as well \(1\)/);
    assert.equal(await also.isChecked(), true);
    const asked = async () => {
      const dialog = page.waitForEvent("dialog");
      const pressed = olena.press("Sign out everywhere");
      const words = (await dialog).message();
      await (await dialog).dismiss();
      await pressed;
      return words;
    };
    assert.match(await asked(), /Your tokens for scripts stop working at once\.$/);
    await also.uncheck();
    assert.match(await asked(), /Your tokens for scripts go on working\.$/);
    page.once("dialog", (dialog) => dialog.accept());
    await olena.press("Revoke Monday report");
    await olena.seesNo(page.getByText("Monday report"));
    await olena.seesNo(also);
  });

  test("a role is changed, work handed over; whoever leaves is out at once", async () => {
    const { page } = olena;
    await olena.open("People");
    const line = page.getByRole("listitem").filter({ hasText: "Іван Петренко" });
    await line.locator("summary").click();
    await look(olena, "person");
    await olena.press("Change the role", line);
    await page.getByLabel("Role", { exact: true }).selectOption("funder");
    await fill(olena, "Reason", "Another task");
    await olena.press("Change the role", page.getByRole("dialog"));
    await olena.sees(line.getByText(/Funder/));
    await olena.press("Leaves", line);
    await fill(olena, "Reason", "A new post");
    await look(olena, "leave");
    await olena.press("End the account");
    await olena.sees(line.getByText(/has left/));
    await ivan.title("Увійти");
    await ivan.sees(/^Ваш вхід на цьому пристрої завершено/);
    await look(ivan, "signed-out-uk");
  });

  test("signing out everywhere ends the other window at once", async () => {
    const { page } = olena;
    const other = await Desk.open(server.url, { browser });
    await other.goto("/");
    await fill(other, "E-mail address", "olena@cemr.eu");
    await fill(other, "Password", password);
    await other.press("Sign in");
    await other.title("Today");
    await other.isLive();
    await olena.press(/^Olena Koval/);
    await page.getByRole("link", { name: "My account" }).click();
    await olena.title("My account");
    page.once("dialog", (dialog) => dialog.accept());
    await olena.press("Sign out everywhere");
    await olena.title("Sign in");
    await other.title("Sign in");
    await other.sees(/^You were signed out of this device/);
    await look(other, "signed-out");
    await other.close();
    for (const status of [401, 404]) forgive(olena, status);
    assert.deepEqual(olena.problems, []);
    assert.deepEqual(ivan.problems.filter((told) => !/401|404/.test(told)), []);
  });
});
