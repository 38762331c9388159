// One text as its log tells it, read event by event, and held against what its writers know.
import assert from "node:assert/strict";

import Delta from "quill-delta";

import { openedEvent } from "./opened.js";
import { changeOf, TextCopy } from "./text_copy.js";

export class Ledger {
  copy = new TextCopy();
  entries = []; // by revision - 1: {position, event, change}
  edits = new Map(); // client → revision of each of its edits, by sequence - 1
  repairs = 0;

  constructor(topic) {
    this.topic = topic;
  }

  // Reads what is new.
  async read(server, cookie) {
    for (let from = this.entries.length ? this.entries.at(-1).position + 1 : 0; from !== undefined; ) {
      const page = await server.read(`/v1/events?stream=${this.topic}&from=${from}&limit=500`, cookie);
      for (const one of page.events) this.take(openedEvent(one), one.position);
      from = page.next;
    }
  }

  take(event, position) {
    const { revision, type, actor, time, data, subject } = event;
    assert.equal(subject, this.topic);
    this.copy.take({ revision, type, actor, at: time, data });
    this.entries.push({ position, event, change: changeOf(event) ?? new Delta() });
    if (data.repair) ++this.repairs;
    if (type !== "text.edited") return;
    const own = this.edits.get(data.client) ?? [];
    this.edits.set(data.client, own);
    assert.equal(data.sequence, own.length + 1, `${data.client}: each edit once and in order`);
    own.push(revision);
  }

  // All that the writer was told is so, and all that it sent is there, as sent, taken over what came before it.
  check({ client, journal, sent }, from = 0) {
    const own = this.edits.get(client) ?? [];
    assert.equal(own.length, sent.size, `${client}: everything sent is in the log`);
    for (const [sequence, { revision, position }] of journal) {
      if (sequence <= from) continue;
      assert.equal(own[sequence - 1], revision, `${client}: edit ${sequence} was acknowledged at ${revision}`);
      assert.equal(this.entries[revision - 1].position, position);
    }
    for (const [sequence, { base, change }] of sent) {
      if (sequence <= from) continue;
      const revision = own[sequence - 1];
      const between = this.entries.slice(base, revision - 1);
      const committed = between.reduce((mine, { change: theirs }) => theirs.transform(mine, true), change);
      assert.deepEqual(this.entries[revision - 1].event.data.change, committed.ops, `${client}: edit ${sequence}`);
    }
  }
}
