// mosty_delta_pipe (tests/domain/delta_pipe.cpp) as a function from requests to answers.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const program =
  process.env.MOSTY_DELTA_PIPE ??
  fileURLToPath(new URL("../../../build/release/tests/domain/mosty_delta_pipe", import.meta.url));

export class Pipe {
  #process;
  #waiting = []; // {resolve, reject, count}, in the order of their batches
  #lines = [];
  #rest = "";

  constructor() {
    this.#process = spawn(program, { stdio: ["pipe", "pipe", "inherit"] });
    this.#process.stdout.setEncoding("utf8").on("data", (part) => this.#read(part));
    this.#process.on("error", (error) => this.#fail(error));
    this.#process.on("close", (code) => this.#fail(new Error(`mosty_delta_pipe ended with ${code}`)));
    this.#process.stdin.on("error", (error) => this.#fail(error));
  }

  // Answers a batch of requests, one line each.
  answers(lines) {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject, count: lines.length });
      this.#process.stdin.write(lines.join("\n") + "\n\n");
    });
  }

  close() {
    this.#process.stdin.end();
  }

  #read(part) {
    const lines = (this.#rest + part).split("\n");
    this.#rest = lines.pop();
    for (const line of lines) {
      if (line !== "") {
        this.#lines.push(line);
        continue;
      }
      const { resolve, reject, count } = this.#waiting.shift();
      const answers = this.#lines.splice(0);
      if (answers.length === count) resolve(answers);
      else reject(new Error(`${count} requests had ${answers.length} answers`));
    }
  }

  #fail(error) {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
