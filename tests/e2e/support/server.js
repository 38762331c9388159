import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");

export const binary = resolve(process.env.MOSTY_BINARY ?? join(root, "build/release/server/mosty"));
const assets = resolve(process.env.MOSTY_ASSETS ?? join(root, "client-js/dashboard/dist"));
export const screenshots = resolve(process.env.MOSTY_SCREENSHOTS ?? join(root, "build/e2e"));

// A server of the demo in a folder of its own. It can be killed and started again on the same port and folder.
export class Server {
  #process;
  #args;
  #address = "127.0.0.1:0";
  log = "";
  url = "";

  // `origins`: further origins whose pages may act, such as a cable's. `args`: further flags. `demo`: whether it is
  // one; otherwise nobody is there yet. `limits`: what it is told of them besides; `settings`: and of all else.
  static async start({ origins = [], args = [], demo = true, limits = {}, settings = "" } = {}) {
    const server = new Server();
    server.folder = mkdtempSync(join(tmpdir(), "mosty-e2e-"));
    server.isDemo = demo;
    server.#args = [...origins.flatMap((origin) => ["--origin", origin]), ...args];
    const config = join(server.folder, "mosty.toml");
    writeFileSync(config, `${settings}\n[limits]\n${Object.entries(limits).map(([name, value]) => `${name} = ${value}\n`).join("")}`);
    server.#args.push("--config", config);
    await server.start();
    return server;
  }

  get port() {
    return Number(new URL(this.url).port);
  }

  get data() {
    return join(this.folder, "data");
  }

  async start() {
    for (const path of [binary, join(assets, "index.html")]) {
      if (!existsSync(path)) throw new Error(`${path} is missing: build it first, or name another in MOSTY_BINARY or MOSTY_ASSETS`);
    }
    this.#process = spawn(binary, ["serve", ...(this.isDemo ? ["--demo"] : []), "--data", this.data, "--listen", this.#address, "--assets", assets, ...this.#args]);
    const said = await new Promise((hear, fail) => {
      let out = "";
      this.#process.stdout.on("data", (chunk) => {
        out += chunk;
        const at = /Mosty is at (https?:\/\/\S+)/.exec(out);
        if (at) hear(at[1]);
      });
      this.#process.stderr.on("data", (chunk) => { this.log += chunk; });
      this.#process.once("error", fail);
      this.#process.once("exit", (code, signal) => fail(new Error(`the server ended (${signal ?? code}) before it served: ${out}${this.log}`)));
    });
    this.url = said;
    this.#address = new URL(said).host;
  }

  // As the power going: nothing is flushed, nobody is told.
  async kill() {
    await this.#end("SIGKILL");
  }

  // As an operator does.
  async leave() {
    await this.#end("SIGTERM");
  }

  async stop() {
    await this.leave();
    rmSync(this.folder, { recursive: true, force: true });
  }

  // Runs the same binary on the server's folder; answers what it printed and with what it left.
  run(...args) {
    return new Promise((answer, fail) => {
      const process = spawn(binary, [args[0], "--data", this.data, ...args.slice(1)]);
      let out = "";
      process.stdout.on("data", (chunk) => { out += chunk; });
      process.stderr.on("data", (chunk) => { out += chunk; });
      process.once("error", fail);
      process.once("exit", (code) => answer({ code, out }));
    });
  }

  #end(signal) {
    const { exitCode, signalCode } = this.#process;
    if (exitCode !== null || signalCode !== null) return Promise.resolve();
    return new Promise((ended) => {
      this.#process.once("exit", ended);
      this.#process.kill(signal);
    });
  }
}
