import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { browserArguments, browserPath } from "./desk.js";

// A browser with a profile that outlives it. Its processes are a group of their own and can be killed together.
export class Profile {
  folder = mkdtempSync(join(tmpdir(), "mosty-profile-"));
  #process;
  #browser;
  #ended;

  // Answers the browser's own context: what it keeps is the profile's.
  async start() {
    this.#process = spawn(browserPath, [
      ...browserArguments, "--headless", "--remote-debugging-port=0", `--user-data-dir=${this.folder}`, "--no-default-browser-check",
      "--password-store=basic", "--lang=en-GB", "about:blank",
    ], { detached: true, stdio: ["ignore", "ignore", "pipe"] });
    this.#ended = new Promise((ended) => this.#process.once("exit", ended));
    const address = await new Promise((hear, fail) => {
      let said = "";
      this.#process.stderr.on("data", (chunk) => {
        said += chunk;
        const at = /DevTools listening on (ws:\S+)/.exec(said);
        if (at) hear(at[1]);
      });
      this.#process.once("error", fail);
      this.#process.once("exit", () => fail(new Error(`the browser ended: ${said}`)));
    });
    this.#browser = await chromium.connectOverCDP(address);
    return this.#browser.contexts()[0];
  }

  // All its processes at once, as the power going.
  async kill() {
    process.kill(-this.#process.pid, "SIGKILL");
    await this.#ended;
  }

  // As a person closes it.
  async leave() {
    const session = await this.#browser.newBrowserCDPSession();
    await session.send("Browser.close");
    await this.#ended;
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

// The files of a profile in which one of the words stands. Chromium keeps texts as Latin-1 or as UTF-16.
export async function filesWith(where, words) {
  const found = [];
  for (const entry of await readdir(where, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = await readFile(join(entry.parentPath, entry.name)).catch(() => Buffer.alloc(0));
    for (const word of words) {
      if (bytes.includes(word) || bytes.includes(Buffer.from(word, "utf16le"))) found.push(`${entry.name}: ${word}`);
    }
  }
  return found;
}
