import assert from "node:assert/strict";
import { chromium } from "playwright-core";
import { until } from "./until.js";

const patience_ms = 20_000;

export const browserPath = process.env.MOSTY_CHROMIUM ?? "/usr/bin/chromium";
export const browserArguments = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

// A browser process with a new profile. `also`: further arguments.
export function openBrowser(also = []) {
  return chromium.launch({ executablePath: browserPath, args: [...browserArguments, ...also] });
}

// One person's browser window with all that went wrong in it.
export class Desk {
  problems = [];
  frames = []; // what the server sent over the socket since the page was opened, in order
  loads = 0;
  isCut = false; // then failing requests are no problem
  #loadsAtFirst = 0;

  // `browser`: share a process, with storage of one's own; otherwise the desk has one to itself.
  static async open(url, { locale = "en-GB", width = 1280, height = 900, colorScheme = "light", browser } = {}) {
    const desk = new Desk();
    desk.url = url;
    desk.own = browser ? undefined : await openBrowser();
    desk.browser = browser ?? desk.own;
    desk.context = await desk.browser.newContext({ locale, colorScheme, viewport: { width, height }, reducedMotion: "reduce" });
    desk.context.setDefaultTimeout(patience_ms);
    await desk.context.addInitScript(() => {
      addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile }) =>
        console.error(`content security policy: ${violatedDirective} ${blockedURI} ${sourceFile}`));
    });
    desk.page = await desk.context.newPage();
    desk.#watch();
    return desk;
  }

  // Signs in as people do: from the first page, by choosing a person. `path`: where to.
  static async of(url, name, { path = "/", ...how } = {}) {
    const desk = await Desk.open(url, how);
    await desk.signIn(name, path);
    return desk;
  }

  async signIn(name, path = "/") {
    await this.goto(path);
    await this.page.getByRole("button", { name: new RegExp(`^${name}`) }).click();
    await this.isLive();
  }

  // The first window of a browser's own context. It signs in, or goes on as who was here.
  static async in(context, url) {
    context.setDefaultTimeout(patience_ms);
    const desk = new Desk();
    Object.assign(desk, { url, context, page: await context.newPage() });
    desk.#watch();
    return desk;
  }

  // Another tab of the same browser; also the next one, once this one is closed.
  async tab(path, { isCut = false } = {}) {
    const desk = new Desk();
    Object.assign(desk, { url: this.url, browser: this.browser, context: this.context, page: await this.context.newPage(), isCut });
    desk.#watch();
    await desk.goto(path);
    return desk;
  }

  // Opens a page as from the address bar.
  async goto(path) {
    await this.page.goto(this.url + path);
    this.frames.length = 0;
    await this.page.getByRole("heading", { level: 1 }).waitFor();
    this.#loadsAtFirst = this.loads;
  }

  async isLive() {
    await this.#linkIs("live");
  }

  async isOffline() {
    await until("the page knows that it is offline", async () => ["offline", "connecting"].includes(await this.link())
      && await this.page.getByTestId("link-strip").getByText(/No connection since|Немає зв’язку/).count() > 0, 30_000);
  }

  link() {
    return this.page.getByTestId("link-strip").getAttribute("data-state");
  }

  async #linkIs(state) {
    await this.page.locator(`[data-testid="link-strip"][data-state="${state}"]`).waitFor({ state: "attached", timeout: 40_000 });
  }

  // By a click, as a person gets about: the page is not loaded again.
  async open(place) {
    await this.page.getByRole("navigation", { name: /Main|Головне/ }).filter({ visible: true }).getByRole("link", { name: place, exact: true }).click();
    await this.title(place);
  }

  // Waits for the page of this title.
  async title(name) {
    const heading = this.page.getByRole("heading", { level: 1, name, exact: typeof name === "string" });
    await heading.waitFor();
  }

  async sees(text) {
    await (typeof text === "string" || text instanceof RegExp ? this.page.getByText(text).filter({ visible: true }).first() : text).waitFor();
  }

  async seesNo(locator) {
    await locator.first().waitFor({ state: "hidden" });
  }

  // The field or heading of that name has the focus.
  async hasFocus(name) {
    await until(`“${name}” has the focus`, () => this.page.evaluate((sought) => {
      const element = document.activeElement;
      return (element?.labels?.[0] ?? element)?.textContent.trim() === sought;
    }, name));
  }

  press(name, within = this.page) {
    return within.getByRole("button", { name, exact: typeof name === "string" }).click();
  }

  // Asks the server over HTTP as this person.
  async ask(path) {
    const answer = await this.context.request.get(this.url + path);
    assert.equal(answer.status(), 200, `${path}: ${await answer.text()}`);
    return answer.json();
  }

  async post(path, data) {
    const answer = await this.context.request.post(this.url + path, { data, headers: { origin: this.url } });
    assert.equal(answer.status(), 200, `${path} ${data.name ?? ""}: ${await answer.text()}`);
    return answer.json();
  }

  // A command outside the page, as another window of the same person would send it.
  async command(stream, name, data, id = crypto.randomUUID()) {
    return { id, ...await this.post("/v1/commands", { id, stream, name, data }) };
  }

  // All that a page may not do: complain, breach its policy, or load itself again.
  isQuiet() {
    assert.deepEqual(this.problems, []);
    assert.equal(this.loads, this.#loadsAtFirst, "the page was loaded again");
  }

  async close() {
    await this.context.close();
    await this.own?.close();
  }

  #watch() {
    this.page.on("load", () => { this.loads += 1; });
    this.page.on("pageerror", (error) => this.problems.push(String(error)));
    this.page.on("console", (message) => {
      if (message.type() !== "error" && message.type() !== "warning") return;
      const told = `${message.text()} (${message.location().url})`;
      const asksWhoItIs = message.location().url.endsWith("/v1/me") && told.includes("401");
      const isTheCut = this.isCut && /net::ERR_|WebSocket connection/.test(told);
      if (!asksWhoItIs && !isTheCut) this.problems.push(told);
    });
    this.page.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => {
      for (const frame of JSON.parse(String(payload))) this.frames.push(frame);
    }));
  }
}
