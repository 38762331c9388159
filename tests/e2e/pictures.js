// The two pictures of README.md, in screenshots/: npm run pictures
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Desk, openBrowser } from "./support/desk.js";
import { dayFromNow } from "./support/forms.js";
import { Server } from "./support/server.js";

const folder = fileURLToPath(new URL("screenshots/", import.meta.url));
const water = "proposal/byshiv-bacsalmas_water";

mkdirSync(folder, { recursive: true });
const [server, browser] = await Promise.all([Server.start(), openBrowser()]);
try {
  const oksana = await Desk.of(server.url, "Oksana Tymchuk", { browser });
  const ostap = await Desk.of(server.url, "Ostap Verbovyi", { browser });
  const gergo = await Desk.of(server.url, "Gergő Halmos", { browser });
  await gergo.sees("Waterworks of Bácsalmás (invented)");
  await gergo.press("I have read these");

  await oksana.command("visit/byshiv-bacsalmas_pumps", "plan_visit", {
    partnership: "byshiv-bacsalmas", title: "Choosing the pumps together", host: "ua", kind: "meeting", from: dayFromNow(18), place: "Byshiv",
  });
  await oksana.command(water, "edit_proposal", { summary: "Every household of Byshiv gets clean water, and gives back clean water." });
  await oksana.command(water, "ask_approval", {});
  await ostap.command(water, "approve_proposal", { version: 1 });
  await gergo.page.getByRole("heading", { name: /^Sign/ }).waitFor();
  await gergo.sees("The other side has signed.");
  await gergo.page.screenshot({ path: `${folder}today.png` });

  await oksana.command(water, "withdraw_approval", { version: 1, reason: "Назва буде українською" });
  await oksana.command(water, "edit_proposal", {
    title: "Чиста вода для Бишева", summary: "Кожна оселя Бишівської громади отримає чисту воду й віддасть чисту воду.",
  });
  const phone = await Desk.of(server.url, "Oksana Tymchuk", { browser, locale: "uk-UA", width: 360, height: 780, path: "/proposals/byshiv-bacsalmas_water" });
  await phone.title("Чиста вода для Бишева");
  await phone.page.getByRole("heading", { name: "Фінансування" }).evaluate((heading) => scrollTo(0, heading.getBoundingClientRect().top + scrollY - 24));
  await phone.page.screenshot({ path: `${folder}proposal-phone.png` });
} finally {
  await browser.close();
  await server.stop();
}
