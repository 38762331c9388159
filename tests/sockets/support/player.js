// Plays what one agent of a trace did through a writer, knowing at each step what that agent knew.
import assert from "node:assert/strict";

import { changeOf } from "./traces.js";
import { Writer } from "./writer.js";

// All agents of one trace on one text.
export class Play {
  players = [];
  rebased = 0; // edits that the server had to take over others

  static async open(server, cookies, topic, steps) {
    const play = new Play();
    play.committed = steps.map(() => 0);
    const writers = await Promise.all(steps.map((_, agent) => Writer.open(server, cookies[agent], topic, { separate: true })));
    play.players = writers.map((writer, agent) => new Player(play, writer, agent, steps[agent]));
    return play;
  }

  agentOf(client) {
    return this.players.findIndex(({ writer }) => writer.client === client);
  }

  advance() {
    for (const player of this.players) player.advance();
  }

  // To its end.
  async run() {
    const writers = this.players.map(({ writer }) => writer);
    const total = this.players.reduce((sum, { steps }) => sum + steps.length, 0);
    this.advance();
    const atEnd = (writer) => writer.copy.revision === total && writer.isIdle;
    await Promise.all(writers.map((writer) => writer.until(() => atEnd(writer), "the end of the trace", 240_000)));
  }
}

class Player {
  next = 0;
  counted = 0; // events of the inbox that `arrived` has seen

  constructor(play, writer, agent, steps) {
    Object.assign(this, { play, writer, agent, steps, seen: play.committed.map(() => 0) });
    writer.arrived = () => this.#arrived();
    writer.mayPush = () => this.#mayPush();
    writer.onEvent = (event) => this.#read(event);
  }

  // The next edit may be sent when all that it must come after is committed.
  #mayPush() {
    const step = this.steps[this.writer.sequence];
    return step !== undefined && step.after.every((count, agent) => this.play.committed[agent] >= count);
  }

  #arrived() {
    for (const { data } of this.writer.inbox.slice(this.counted)) {
      const agent = this.play.agentOf(data.client);
      this.play.committed[agent] = Math.max(this.play.committed[agent], data.sequence);
    }
    this.counted = this.writer.inbox.length;
    if (this.counted) this.play.advance();
  }

  #read({ revision, data }) {
    --this.counted;
    const agent = this.play.agentOf(data.client);
    this.seen[agent] = data.sequence;
    if (agent === this.agent && data.base < revision - 1) ++this.play.rebased;
  }

  // Does all that the agent did with what it has read; then reads on, but nothing while an edit is under way
  // whose commit has not come: the longer one knows nothing of the others, the more the server has to re-base.
  advance() {
    const { writer } = this;
    for (;;) {
      for (; this.#knowsEnough(); ++this.next) writer.write(changeOf(this.steps[this.next]));
      writer.push();
      if (writer.inflight && this.play.committed[this.agent] < writer.inflight.sequence) return;
      if (!writer.fold(1)) return;
    }
  }

  #knowsEnough() {
    const step = this.steps[this.next];
    if (!step) return false;
    const others = (counts) => counts.filter((_, agent) => agent !== this.agent);
    const seen = others(this.seen), needed = others(step.seen);
    if (seen.some((count, one) => count < needed[one])) return false;
    assert.deepEqual(seen, needed, "an agent knows no more than it did");
    return true;
  }
}
