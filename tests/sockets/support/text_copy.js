// A text as somebody holds it who folds its events, by quill-delta alone.
import assert from "node:assert/strict";

import Delta from "quill-delta";

export const lettersOf = (content) => content.map((op) => op.insert).join("");

// What an event did to the letters: its change and, in the same event, its repair.
export function changeOf({ type, data }) {
  if (!data.change || type === "text.suggested") return undefined;
  const change = new Delta(data.change);
  return data.repair ? change.compose(new Delta(data.repair)) : change;
}

const takesOrFormats = (change) => change.ops.some((op) => op.delete || op.attributes && op.retain);

export class TextCopy {
  revision = 0;
  content = new Delta().insert("\n");
  threads = {};
  suggestions = {};
  versions = [];
  #parts;

  get letters() {
    return lettersOf(this.content.ops);
  }

  // Takes one part of a whole text, and says whether it was the last.
  load({ revision, part, parts, content, threads, suggestions, versions }) {
    if (part === 0) this.#parts = { content: new Delta(), threads: {}, suggestions: {}, versions: [], next: 0, parts, revision };
    const come = this.#parts;
    assert.deepEqual([part, parts, revision], [come.next++, come.parts, come.revision], "the parts of one text follow each other");
    for (const op of content) come.content.push(op);
    Object.assign(come.threads, threads);
    Object.assign(come.suggestions, suggestions);
    come.versions.push(...(versions ?? []));
    if (come.next < parts) return false;
    ({ revision: this.revision, content: this.content, threads: this.threads, suggestions: this.suggestions, versions: this.versions } = come);
    this.#parts = undefined;
    return true;
  }

  // Folds the next event, and gives its change of the letters if it has one.
  take(event) {
    assert.equal(event.revision, this.revision + 1, "no event is missing and none comes twice");
    this.revision = event.revision;
    if (/\.(erased|redacted)$/.test(event.type)) {
      Object.assign(this, { content: new Delta().insert("\n"), threads: {}, suggestions: {}, versions: [] });
      return undefined;
    }
    const change = changeOf(event);
    if (event.type === "text.suggested") this.#suggest(event);
    else {
      this.#note(event);
      if (change) this.#change(change);
      return change;
    }
  }

  #change(change) {
    this.content = this.content.compose(change);
    for (const thread of Object.values(this.threads)) {
      thread.from = change.transformPosition(thread.from, false);
      thread.to = Math.max(thread.from, change.transformPosition(thread.to, true));
      if (thread.from === thread.to) thread.orphaned = true;
    }
    for (const suggestion of Object.values(this.suggestions)) {
      if (suggestion.status !== "open") continue;
      const before = new Delta(suggestion.change);
      const after = change.transform(before, true);
      suggestion.change = after.ops;
      if (takesOrFormats(before) && !takesOrFormats(after)) suggestion.orphaned = true;
    }
  }

  #suggest({ revision, actor, at, data: { suggestion, change, quote, note, organisation } }) {
    this.suggestions[suggestion] = { change, quote, ...(note ? { note } : {}), actor, at, ...(organisation ? { organisation } : {}), revision, status: "open" };
  }

  #note({ type, revision, actor, at, data }) {
    const thread = this.threads[data.thread];
    const suggestion = this.suggestions[data.suggestion];
    const note = data.note ? { note: data.note } : {};
    switch (type) {
      case "text.commented": {
        const { kind, from, to, quote, body } = data;
        this.threads[data.thread] = { kind, from, to, quote, body, actor, at, revision, replies: [] };
        break;
      }
      case "text.replied":
        thread.replies.push({ actor, at, body: data.body });
        break;
      case "text.thread_resolved":
        thread.resolved = { actor, at };
        break;
      case "text.thread_reopened":
        delete thread.resolved;
        break;
      case "text.advice_answered":
        thread.answer = { answer: data.answer, ...note, actor, at };
        break;
      case "text.suggestion_accepted":
      case "text.suggestion_declined":
        delete suggestion.change;
        suggestion.status = type === "text.suggestion_accepted" ? "accepted" : "declined";
        suggestion.answer = { ...note, actor, at };
        break;
      case "text.version_named":
        this.versions.push({ version: data.version, name: data.name, revision: data.revision, actor, at });
        break;
      default:
        assert.ok(type === "text.edited" || type === "text.restored", `an unknown event: ${type}`);
    }
  }
}
