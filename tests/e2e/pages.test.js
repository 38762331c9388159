import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { Desk, openBrowser } from "./support/desk.js";
import { screenshots, Server } from "./support/server.js";
import { until } from "./support/until.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"];
const widths = [1280, 360];
const locales = { en: "en-GB", uk: "uk-UA" };

// Every page, as the person who uses it most. `open`: what is pressed on it before looking, and `shows` what must
// have come of it; `fetches`: it asks for a list after it has opened.
const pages = [
  { who: "Oksana Tymchuk", name: "today", path: "/" },
  { who: "Oksana Tymchuk", name: "partnerships", path: "/partnerships" },
  { who: "Oksana Tymchuk", name: "partnership", path: "/partnerships/byshiv-bacsalmas" },
  { who: "Oksana Tymchuk", name: "propose-partnership", path: "/partnerships/new" },
  { who: "Oksana Tymchuk", name: "visits", path: "/visits" },
  { who: "Oksana Tymchuk", name: "visit", path: "/visits/byshiv-bacsalmas_waterworks" },
  { who: "Oksana Tymchuk", name: "plan-visit", path: "/visits/new" },
  { who: "Oksana Tymchuk", name: "proposals", path: "/proposals" },
  { who: "Oksana Tymchuk", name: "proposal", path: "/proposals/byshiv-bacsalmas_water" },
  { who: "Oksana Tymchuk", name: "section-writing", path: "/proposals/byshiv-bacsalmas_water", open: /^(Edit: Needs and relevance|Писати: Потреби й актуальність)$/, shows: ".ql-editor" },
  { who: "Oksana Tymchuk", name: "section-suggesting", path: "/proposals/byshiv-bacsalmas_water", open: /^(Suggest a change: Results|Запропонувати зміну: Результати)$/, shows: ".ql-editor" },
  { who: "Oksana Tymchuk", name: "section-history", path: "/proposals/byshiv-bacsalmas_water", open: /^(History: Results|Історія: Результати)$/, shows: "#results .then" },
  { who: "Oksana Tymchuk", name: "section-comment", path: "/proposals/byshiv-bacsalmas_water", open: /^(Comment: Needs and relevance|Коментувати: Потреби й актуальність)$/, shows: "dialog" },
  { who: "Oksana Tymchuk", name: "draft-proposal", path: "/proposals/new" },
  { who: "Oksana Tymchuk", name: "budget-line", path: "/proposals/byshiv-bacsalmas_water", open: /^(Add a budget line|Додати рядок бюджету)$/ },
  { who: "Oksana Tymchuk", name: "visit-postpone", path: "/visits/byshiv-bacsalmas_waterworks", open: /^(Postpone|Перенести)$/ },
  { who: "Oksana Tymchuk", name: "activity", path: "/feed" },
  { who: "Oksana Tymchuk", name: "municipalities", path: "/municipalities", fetches: true },
  { who: "Oksana Tymchuk", name: "nothing-here", path: "/proposals/no-such" },
  { who: "Oksana Tymchuk", name: "not-found", path: "/no/such/page" },
  { who: "Oksana Tymchuk", name: "finder", path: "/", keys: "Control+k" },
  { who: "Oksana Tymchuk", name: "account", path: "/", open: /^Oksana Tymchuk/ },
  { who: "Mārtiņš Zeltkalns", name: "mayor-today", path: "/" },
  { who: "Yevhen Strilchuk", name: "mayor-proposal", path: "/proposals/novyi-bilous-kekava_nb-2-0" },
  { who: "Oksana Tymchuk", name: "my-account", path: "/account", shows: "#sessions-part + ul li" },
  { who: "Clara Devreese", name: "board", path: "/board" },
  { who: "Clara Devreese", name: "people", path: "/people", shows: "main .rows li" },
  { who: "Clara Devreese", name: "secretariat-today", path: "/" },
  { who: "Clara Devreese", name: "all-partnerships", path: "/partnerships" },
  { who: "Clara Devreese", name: "all-visits", path: "/visits" },
  { who: "Annika Leclair", name: "history", path: "/history", fetches: true },
  { who: "Annika Leclair", name: "proposal-history", path: "/proposals/byshiv-bacsalmas_water/history", fetches: true },
  { who: "Annika Leclair", name: "partnership-history", path: "/partnerships/byshiv-bacsalmas/history", fetches: true },
  { who: "Annika Leclair", name: "compare", path: "/proposals/byshiv-bacsalmas_water/history?from=390", fetches: true, shows: "#compare ins" },
  { who: "Annika Leclair", name: "verified", path: "/proposals/byshiv-bacsalmas_water/history", fetches: true, open: /^(Verify|Перевірити)$/, shows: "[data-verdict=verified]" },
  { who: "Annika Leclair", name: "event", path: "/events/380?stream=proposal/byshiv-bacsalmas_water", shows: "main details > summary" },
  { who: "Annika Leclair", name: "past-proposal", path: "/proposals/byshiv-bacsalmas_water", keys: "past" },
  { who: "Annika Leclair", name: "held-visit", path: "/visits/solotvyno-2022" },
];

suite("every page", () => {
  let server, browser;
  const desks = new Map();

  before(async () => {
    mkdirSync(screenshots, { recursive: true });
    [server, browser] = await Promise.all([Server.start(), openBrowser()]);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  // One person's window, opened once and kept.
  async function deskOf(who) {
    if (!desks.has(who)) desks.set(who, await Desk.of(server.url, who, { browser }));
    return desks.get(who);
  }

  const isSettled = (desk) => until("the page is settled", () => desk.page.evaluate(async () => {
    await document.fonts.ready;
    const strip = document.querySelector("[data-testid=link-strip]");
    return (strip === null || strip.dataset.state === "live") && document.querySelector("h1") !== null
      && !document.querySelector("[aria-busy=true]") && document.getAnimations().every(({ playState }) => playState !== "running");
  }));

  const wideness = (desk) => desk.page.evaluate(() => {
    const { scrollWidth } = document.scrollingElement;
    const widest = scrollWidth <= innerWidth ? undefined : [...document.body.querySelectorAll("*")]
      .filter((element) => element.getBoundingClientRect().right > innerWidth + 1).map((element) => `${element.tagName}.${element.className} ${element.textContent.slice(0, 40)}`).slice(0, 5);
    return { scrollWidth, innerWidth, widest };
  });

  async function violations(desk) {
    await desk.page.evaluate(axe);
    const found = await desk.page.evaluate((tags) => window.axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] }), rules);
    return found.violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html, any }) => `${html.slice(0, 160)} ${any[0]?.message ?? ""}`).join(" | ")}`);
  }

  // Looks at what is before the desk in both languages and widths, in light and in dark.
  async function isFit(desk, name, arrive, fullPage = true) {
    for (const [language, locale] of Object.entries(locales)) {
      await desk.page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
      await desk.page.evaluate((chosen) => localStorage.setItem("mosty.language", chosen), language);
      await desk.page.setViewportSize({ width: widths[0], height: 860 });
      await arrive(language);
      for (const width of widths) {
        await desk.page.setViewportSize({ width, height: width === 360 ? 740 : 860 });
        await isSettled(desk);
        const { scrollWidth, innerWidth, widest } = await wideness(desk);
        assert.ok(scrollWidth <= innerWidth, `${name} is ${scrollWidth} wide in ${innerWidth} (${locale}): ${widest?.join(" · ")}`);
        await desk.page.screenshot({ path: join(screenshots, `${name}-${language}-${width}.png`), fullPage });
        const isDark = (language === "uk") === (width === 1280); // each width in each language, once light and once dark
        await desk.page.emulateMedia({ colorScheme: isDark ? "dark" : "light", reducedMotion: "reduce" });
        await isSettled(desk);
        assert.deepEqual(await violations(desk), [], `${name}, ${locale}, ${width} px, ${isDark ? "dark" : "light"}`);
        await desk.page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
      }
    }
    assert.deepEqual(desk.problems, []);
  }

  test("to sign in on reads in both languages, wide and narrow, for everybody", async () => {
    const desk = await Desk.open(server.url, { browser });
    await desk.goto("/");
    await isFit(desk, "sign-in", async () => {
      await desk.page.reload();
      await desk.page.getByRole("button", { name: /^Oksana Tymchuk/ }).waitFor();
    });
    await desk.close();
  });

  test("needs nothing but what comes from its own server as files", async () => {
    // Each page of this suite, and of all others, is under the server's policy; here it is shown to bind.
    const { headers } = await fetch(server.url);
    assert.match(headers.get("content-security-policy"), /^default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; /);
    const desk = await Desk.of(server.url, "Oksana Tymchuk", { browser });
    for (const path of ["/", "/partnerships/byshiv-bacsalmas", "/visits/byshiv-bacsalmas_waterworks", "/proposals/byshiv-bacsalmas_water", "/proposals/byshiv-bacsalmas_water/history", "/feed"]) {
      await desk.goto(path);
      await desk.isLive();
      await isSettled(desk);
    }
    desk.isQuiet();

    await desk.page.evaluate(() => document.body.setAttribute("style", "color: red"));
    await until("the policy is in force", () => desk.problems.some((told) => told.startsWith("content security policy: style-src-attr")));
    await desk.close();
  });

  for (const { who, name, path, open, shows, keys, fetches } of pages) {
    test(`“${name}” reads in both languages, wide and narrow, for everybody`, async () => {
      const desk = await deskOf(who);
      await isFit(desk, name, async () => {
        await desk.goto(path);
        await desk.isLive();
        await isSettled(desk);
        if (fetches) await desk.page.getByRole("main").getByRole("listitem").first().waitFor();
        if (open) await desk.page.getByRole("button", { name: open }).first().click();
        if (shows) {
          await desk.page.locator(shows).first().waitFor();
          await desk.page.locator(shows).first().evaluate((element) => element.scrollIntoView({ block: "center" }));
        }
        if (keys === "past") {
          await desk.page.getByRole("slider").press("ArrowLeft");
          await desk.page.getByRole("button", { name: /^(Back to now|Назад до сьогодні)$/ }).waitFor();
        } else if (keys) await desk.page.keyboard.press(keys);
        if (keys === "Control+k") await desk.page.getByRole("dialog").getByRole("combobox").pressSequentially("b");
      }, !open && !keys);
    });
  }
});
