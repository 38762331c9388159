// Edits of one writer, each sent exactly as a test wants it.
import assert from "node:assert/strict";

import { Client } from "./client.js";
import { Writer } from "./writer.js";

export class Pen {
  sequence = 0;

  // Follows the text on a connection of its own.
  static async open(server, cookie, topic) {
    const pen = new Pen();
    Object.assign(pen, { topic, client: await Writer.newClient(server, cookie, topic) });
    await pen.connect(server, cookie);
    return pen;
  }

  async connect(server, cookie) {
    this.connection = await server.connect(cookie);
    const { type, problem } = await this.connection.follow(this.topic);
    assert.equal(type, "current", JSON.stringify(problem));
  }

  // What this connection has folded.
  get text() {
    return this.connection.topics.get(this.topic).text;
  }

  command(change, { base = this.text.revision, sequence = this.sequence + 1, client = this.client, id, ...more } = {}) {
    id ??= `${client}-${sequence}`;
    return { type: "command", id, stream: this.topic, name: "edit_text", data: { client, sequence, base, change, ...more } };
  }

  // The answer to one message as it stands.
  send(message) {
    const { id } = typeof message === "string" ? JSON.parse(message) : message;
    const answers = (frame) => (frame.type === "done" || frame.type === "refused") && frame.id === id;
    return this.connection.ask(message, answers, "the answer to an edit");
  }

  // Writes what must be accepted, and waits until it has come back.
  async write(change, rest) {
    const done = await this.send(this.command(change, rest));
    assert.equal(done.type, "done", JSON.stringify(done));
    ++this.sequence;
    await this.reach(done.revision);
    return done;
  }

  // Many edits, `count` to a message, each on top of the one before; nobody else may be writing.
  async writeAll(changes, count = 64) {
    let base = this.text.revision;
    const last = base + changes.length;
    for (let from = 0; from < changes.length; from += count) {
      const some = changes.slice(from, from + count).map((change) => this.command(change, { base: base++, sequence: ++this.sequence }));
      const answered = this.connection.frame((frame) => frame.id === some.at(-1).id, "the answer to many edits", 60_000);
      this.connection.send(some);
      const { type, problem } = await answered;
      assert.equal(type, "done", JSON.stringify(problem));
    }
    await this.reach(last);
  }

  async reach(revision) {
    if (this.text.revision < revision)
      await this.connection.frame(() => this.text.revision >= revision, `revision ${revision}`, 60_000);
  }

  // The code with which an edit is refused.
  async refused(change, rest) {
    const answer = await this.send(this.command(change, rest));
    assert.equal(answer.type, "refused", JSON.stringify(answer));
    assert.equal(answer.problem.type, `urn:mosty:problem:${answer.problem.code}`);
    return answer.problem;
  }
}
