// The binary as people run it: started in a folder of its own on a free port, asked over HTTP, stopped or
// killed.
import { spawn } from "node:child_process";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ask } from "./ask.js";
import { Client } from "./client.js";
import { within } from "./deadline.js";

export const binary = process.env.MOSTY_BINARY;
if (!binary) throw new Error("MOSTY_BINARY must name the server's binary");

const running = new Set();
process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));

// What belongs to a whole group of tests: made in its `before`, ended in its `after`.
export class Group {
  #endings = [];
  after(ending) {
    this.#endings.unshift(ending);
  }
  async end() {
    for (const ending of this.#endings) await ending();
  }
}

// A folder that is gone after the test.
export async function folderFor(test) {
  const folder = await mkdtemp(join(tmpdir(), "mosty-sockets-"));
  test.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

// Puts a folder's keys beside the log of another, as an operator does who restored it.
export async function bringKeys(from, to) {
  for (const name of ["keys", "master.key"]) await cp(join(from, name), join(to, name));
}

// Runs `mosty` to its end.
export async function run(...args) {
  const child = spawn(binary, args, { stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  let stdout = "", stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
  const code = await within(new Promise((resolve) => child.on("close", resolve)), `mosty ${args[0]}`, 60_000);
  running.delete(child);
  return { code, stdout, stderr };
}

// Budgets that nobody reaches who writes as fast as a server answers.
export const noHurry = {
  connection_commands_per_s: 1_000_000, account_commands_per_s: 1_000_000, address_requests_per_s: 1_000_000,
  connection_bytes_per_s: 1_000_000_000, account_bytes_per_s: 1_000_000_000,
};

async function configOf(test, limits) {
  const path = join(await folderFor(test), "mosty.toml");
  await writeFile(path, `[limits]\n${Object.entries(limits).map(([name, value]) => `${name} = ${value}\n`).join("")}`);
  return path;
}

export class Server {
  #child;
  #ended;

  // Starts and waits until it serves. Unless told otherwise: a demo in a folder of the test's own.
  // `ca`: who issued its certificate, when it has one. `limits`: what it is told of them besides. `env`: of its
  // environment besides.
  static async start(test, { data, args = ["--demo"], ca, limits, env } = {}) {
    const server = new Server();
    server.env = env;
    server.ca = ca;
    server.data = data ?? (await folderFor(test));
    await server.#start(limits ? [...args, "--config", await configOf(test, limits)] : args);
    test.after(() => server.kill());
    return server;
  }

  async #start(args) {
    this.args = args;
    const usual = [["--listen", "127.0.0.1:0"], ["--log-level", "warn"]].filter(([flag]) => !args.includes(flag)).flat();
    this.#child = spawn(binary, ["serve", "--data", this.data, ...usual, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...this.env },
    });
    const child = this.#child;
    running.add(child);
    this.stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text) => (this.stderr += text));
    this.#ended = new Promise((resolve) =>
      child.on("close", (code, signal) => {
        running.delete(child);
        resolve({ code, signal });
      }),
    );
    let stdout = "";
    this.origin = await within(
      new Promise((resolve, reject) => {
        child.stdout.setEncoding("utf8").on("data", (text) => {
          stdout += text;
          const address = /Mosty is at (\S+)\n/.exec(stdout);
          if (address) resolve(address[1]);
        });
        this.#ended.then(({ code }) => reject(new Error(`mosty left with ${code}: ${this.stderr}`)));
      }),
      "the server starts",
      60_000,
    );
  }

  // On the same folder, at a new address.
  async restart() {
    await this.#start(this.args);
  }

  get pid() {
    return this.#child.pid;
  }

  get alive() {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async kill() {
    this.#child.kill("SIGKILL");
    return this.#ended;
  }

  // Asks it to stop and says how that went.
  async stop(signal = "SIGTERM") {
    const asked = Date.now();
    this.#child.kill(signal);
    const end = await within(this.#ended, "the server stops", 15_000);
    return { ...end, seconds: (Date.now() - asked) / 1000 };
  }

  get port() {
    return Number(new URL(this.origin).port);
  }

  async fetch(path, { cookie, origin, ...options } = {}) {
    const headers = { ...(cookie ? { cookie } : {}), ...(origin === null ? {} : { origin: origin ?? this.origin }), ...options.headers };
    const url = this.origin + path;
    const response = await within(this.ca ? ask(url, { ca: this.ca, ...options, headers }) : fetch(url, { ...options, headers }), path);
    const text = await response.text();
    const json = /[/+]json$/.test(response.headers.get("content-type") ?? "") && text ? JSON.parse(text) : undefined;
    return { status: response.status, headers: response.headers, text, json };
  }

  async people() {
    this.known ??= (await this.fetch("/v1/demo/people")).json.people;
    return this.known;
  }

  // Somebody of the demo: by role and, for a town's people, by its id.
  async person(role, organisation) {
    const found = (await this.people()).find((one) => one.role === role && (!organisation || one.organisation === organisation));
    if (!found) throw new Error(`the demo has no ${role} of ${organisation ?? "anything"}`);
    return found;
  }

  // Signs in and gives the cookie.
  async signIn({ actor }) {
    const answer = await this.fetch("/v1/sign-in", { method: "POST", body: JSON.stringify({ actor }) });
    if (answer.status !== 200) throw new Error(`sign-in: ${answer.text}`);
    return answer.headers.get("set-cookie").split(";")[0];
  }

  async connect(cookie) {
    return Client.open(this, cookie);
  }

  // A GET that must be answered with 200.
  async read(path, cookie) {
    const answer = await this.fetch(path, { cookie });
    if (answer.status !== 200) throw new Error(`${path}: ${answer.text}`);
    return answer.json;
  }

  async metric(name) {
    const { text } = await this.fetch("/metrics");
    return Number(new RegExp(`^${name} (.*)$`, "m").exec(text)[1]);
  }
}
