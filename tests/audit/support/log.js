// A log of a real server, filled by real commands, and what an auditor fetches of it.
import { officerWithProposal } from "../../sockets/support/demo.js";
import { until } from "../../sockets/support/deadline.js";

import { entriesOf, tilePath } from "./tree.js";

export class Log {
  static async of(server) {
    const log = new Log();
    log.server = server;
    log.url = server.origin;
    log.key = (await server.fetch("/v1/log/key")).text.trim();
    log.origin = log.key.split("+")[0];
    log.cookie = await server.signIn(await server.person("auditor"));
    return log;
  }

  // Changes titles so often; each is one entry.
  async grow(count) {
    this.desk ??= await officerWithProposal(this.server);
    const { cookie, proposal } = this.desk;
    for (let i = 0; i < count; ++i) {
      this.edits = (this.edits ?? 0) + 1;
      const id = `edit-${process.pid}-${Date.now().toString(36)}-${this.edits}`;
      const body = JSON.stringify({ id, stream: proposal, name: "edit_proposal", data: { title: `Water for all, edition ${id}` } });
      const answer = await this.server.fetch("/v1/commands", { method: "POST", cookie, body });
      if (answer.status !== 200) throw new Error(answer.text);
      this.size = answer.json.size;
    }
    return this.size;
  }

  async checkpoint(path = "/checkpoint") {
    const { status, text } = await this.server.fetch(path);
    return status === 200 ? { note: text, size: Number(text.split("\n")[1]) } : undefined;
  }

  // The checkpoint that covers everything that was acknowledged.
  covered(size = this.size) {
    return until(async () => {
      const checkpoint = await this.checkpoint();
      return checkpoint.size >= size && checkpoint;
    }, `a checkpoint of ${size} entries`);
  }

  async bytes(path, { cookie = this.cookie, url = this.url, ...headers } = {}) {
    const answer = await fetch(url + path, { headers: { cookie, ...headers } });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return Buffer.from(await answer.arrayBuffer());
  }

  // All entries under a checkpoint of that size.
  async entries(size, url = this.url) {
    const all = [];
    for (let from = 0; from < size; from += 256)
      all.push(...entriesOf(await this.bytes(tilePath("entries", from / 256, Math.min(256, size - from)), { url })));
    return all;
  }

  async inclusion(position, size, url = this.url) {
    const { proof } = JSON.parse(await this.bytes(`/v1/proofs/inclusion?position=${position}&size=${size}`, { url }));
    return proof.map((hash) => Buffer.from(hash, "base64"));
  }
}
