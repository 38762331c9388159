// `mosty witness` as people run it.
import { spawn } from "node:child_process";

import { within } from "../../sockets/support/deadline.js";
import { binary, folderFor } from "../../sockets/support/server.js";

const running = new Set();
process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));

export class Witness {
  #child;
  #ended;

  static async start(test, { name, logs, port = 0, data }) {
    const witness = new Witness();
    Object.assign(witness, { name, logs, data: data ?? (await folderFor(test)), port });
    await witness.start();
    test.after(() => witness.kill());
    return witness;
  }

  // On the same folder, at the same address as before.
  async start() {
    const args = ["witness", "--data", this.data, "--listen", `127.0.0.1:${this.port}`, "--name", this.name];
    for (const log of this.logs) args.push("--log", log);
    const child = (this.#child = spawn(binary, args, { stdio: ["ignore", "pipe", "pipe"] }));
    running.add(child);
    let stdout = "";
    this.stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text) => (this.stderr += text));
    this.#ended = new Promise((resolve) =>
      child.on("close", (code) => {
        running.delete(child);
        resolve(code);
      }),
    );
    [this.url, this.key] = await within(
      new Promise((resolve, reject) => {
        child.stdout.setEncoding("utf8").on("data", (text) => {
          stdout += text;
          const said = /is at (\S+)\nIts key: (\S+)\n/.exec(stdout);
          if (said) resolve(said.slice(1));
        });
        this.#ended.then((code) => reject(new Error(`the witness left with ${code}: ${this.stderr}`)));
      }),
      "the witness starts",
    );
    this.port = Number(new URL(this.url).port);
  }

  kill(signal = "SIGKILL") {
    this.#child.kill(signal);
    return this.#ended;
  }

  post(body) {
    return fetch(`${this.url}/add-checkpoint`, { method: "POST", body });
  }
}
