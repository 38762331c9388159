// What one writer of one text holds: the text as committed, one edit in flight, and what was written since.
// No socket: events go in, frozen messages come out.
import assert from "node:assert/strict";

import Delta from "quill-delta";

import { lettersOf, TextCopy } from "./text_copy.js";

const composedBytesMax = 8 * 1024;

export class Writing {
  copy = new TextCopy();
  view = this.copy.content; // what the writer sees
  inflight = undefined; // {sequence, change (re-based as the server does), message (frozen)}
  queue = []; // changes not sent yet, each on top of those before it
  sequence = 0;
  sent = new Map(); // sequence → {base, change} as first sent

  // With `separate`, each change stays an edit of its own.
  constructor(topic, client, { separate = false } = {}) {
    Object.assign(this, { topic, client, separate });
  }

  get letters() {
    return lettersOf(this.view.ops);
  }

  get isIdle() {
    return !this.inflight && !this.queue.length;
  }

  load(frame) {
    assert.ok(this.isIdle, "a text comes whole only to a writer who holds nothing");
    if (!this.copy.load(frame)) return false;
    this.view = this.copy.content;
    return true;
  }

  write(change) {
    this.view = this.view.compose(change);
    const last = this.queue.at(-1)?.compose(change);
    if (last && !this.separate && JSON.stringify(last).length < composedBytesMax) this.queue[this.queue.length - 1] = last;
    else this.queue.push(change);
  }

  // The next message to send, when none is under way and something is left to say.
  next() {
    if (this.inflight) return undefined;
    while (this.queue.length && !this.queue[0].ops.length) this.queue.shift();
    if (!this.queue.length) return undefined;
    const change = this.queue.shift();
    const sequence = ++this.sequence;
    const data = { client: this.client, sequence, base: this.copy.revision, change: change.ops, typed_at: Date.now() };
    const message = JSON.stringify({ type: "command", id: `${this.client}-${sequence}`, stream: this.topic, name: "edit_text", data });
    this.inflight = { sequence, change, message };
    this.sent.set(sequence, { base: data.base, change });
    return message;
  }

  isMine({ type, data }) {
    return type === "text.edited" && data.client === this.client;
  }

  // Folds a committed event. Of an own edit only the repair is news.
  take(event) {
    const change = this.copy.take(event);
    if (this.isMine(event)) {
      assert.equal(event.data.sequence, this.inflight?.sequence, "an own edit comes back once, while it is in flight");
      assert.deepEqual(event.data.change, this.inflight.change.ops, "the server re-bases as the writer does");
      this.inflight = undefined;
      if (event.data.repair) this.#step(new Delta(event.data.repair));
    } else if (change) this.#step(change);
  }

  // Takes what others did under everything that is not committed yet.
  #step(theirs) {
    if (this.inflight) {
      const mine = this.inflight.change;
      this.inflight.change = theirs.transform(mine, true);
      theirs = mine.transform(theirs, false);
    }
    this.queue = this.queue.map((mine) => {
      const over = theirs.transform(mine, true);
      theirs = mine.transform(theirs, false);
      return over;
    });
    this.view = this.view.compose(theirs);
  }

  // What stands is what is committed with what waits on top.
  check() {
    const waiting = [...(this.inflight ? [this.inflight.change] : []), ...this.queue];
    const all = waiting.reduce((text, change) => text.compose(change), this.copy.content);
    assert.deepEqual(this.view.ops, all.ops);
  }
}
