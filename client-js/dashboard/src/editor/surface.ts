import Quill, { Delta as QuillDelta, Range } from "quill/core";
import Cursors from "quill-cursors/core";
import type { Delta } from "../../../src/index";
import type { Place } from "../texts/marks";
import type { Surface } from "./binding";
import { formats, registerFormats } from "./formats";

const ops_at_once_max = 200;

export interface Told {
  typed(change: Delta, before: Delta): void;
  tooBig(change: Delta): void;
  composing(): void;
  composed(): void;
  stands(place: Place | undefined): void; // where the person's selection is; nothing once it has left
  looks(formats: Looks): void;
  escaped(): void;
}

export type Looks = Readonly<Record<string, unknown>>;

// Somebody else in the text.
export interface Stander extends Place {
  readonly who: string;
  readonly name: string;
  readonly bank: "ua" | "eu" | "other";
}

// Quill behind the little that a text needs of an editor.
export class QuillSurface implements Surface {
  readonly #quill: Quill;
  readonly #cursors: Cursors;

  constructor(host: HTMLElement, label: string, describedBy: string, language: string, told: Told) {
    registerFormats();
    this.#quill = new Quill(host, {
      formats: [...formats],
      modules: {
        history: { userOnly: true, delay: 1_000, maxStack: 500 },
        cursors: { transformOnTextChange: false, hideDelayMs: 2_000 },
        keyboard: { bindings: bindings(() => told.escaped()) },
        clipboard: { tooBig: (change: QuillDelta) => told.tooBig(change) },
        uploader: { mimetypes: [], handler: () => {} },
      },
    });
    this.#cursors = this.#quill.getModule("cursors") as Cursors;
    const root = this.#quill.root;
    const about: Record<string, string> = {
      "role": "textbox", "aria-multiline": "true", "aria-label": label, "aria-describedby": describedBy, "lang": language, "spellcheck": "true",
    };
    for (const [name, value] of Object.entries(about)) root.setAttribute(name, value);

    const stands = () => {
      const place = this.#quill.getSelection();
      told.stands(place ? { from: place.index, to: place.index + place.length } : undefined);
      if (place) told.looks(this.#quill.getFormat(place));
    };
    this.#quill.on("text-change", (change, before, source) => {
      if (source === Quill.sources.USER) told.typed(change, before);
      stands(); // only now does the place fit what the text is known to be
    });
    this.#quill.on("selection-change", () => { stands(); });
    this.#quill.on(Quill.events.COMPOSITION_BEFORE_START, () => told.composing());
    this.#quill.on(Quill.events.COMPOSITION_END, () => told.composed());
  }

  length(): number {
    return this.#quill.getLength();
  }

  contents(): Delta {
    return this.#quill.getContents();
  }

  // Told as the program's, so that what can be undone moves along and nothing is written from it.
  apply(change: Delta): void {
    if (change.ops.length > ops_at_once_max) this.#applyAtOnce(change);
    else this.#quill.updateContents(change, Quill.sources.API);
    this.#cursors.update();
  }

  replace(content: Delta): void {
    const place = this.#quill.getSelection();
    this.#quill.setContents(content, Quill.sources.API);
    this.#quill.history.clear();
    if (place) this.#quill.setSelection(Math.min(place.index, this.length() - 1), 0, Quill.sources.SILENT);
  }

  // After a long cut a change has thousands of places. Showing the whole text anew is then the shorter way; the caret
  // and what can be undone move along all the same.
  #applyAtOnce(change: Delta): void {
    const { history } = this.#quill;
    const place = this.#quill.getSelection();
    history.ignoreChange = true;
    this.#quill.setContents(this.#quill.getContents().compose(change), Quill.sources.API);
    history.ignoreChange = false;
    history.transform(change);
    if (!place) return;
    const [from, to] = [place.index, place.index + place.length].map((at) => change.transformPosition(at)) as [number, number];
    this.#quill.setSelection(from, to - from, Quill.sources.SILENT);
  }

  focus(): void {
    this.#quill.focus();
  }

  // Puts the caret behind the last letter.
  toEnd(): void {
    this.#quill.setSelection(this.length() - 1, 0, Quill.sources.API);
  }

  format(name: string, value: unknown): void {
    this.#quill.format(name, value, Quill.sources.USER);
  }

  // A link wants letters to stand on: without any selected, the word or link around the caret.
  link(place: Place, value: string | false): void {
    this.#quill.formatText(place.from, place.to - place.from, "link", value, Quill.sources.USER);
    this.#quill.setSelection(place.from, place.to - place.from, Quill.sources.API);
  }

  linkAround(at: number): Place | undefined {
    const { link } = this.#quill.getFormat(at, 0);
    if (typeof link !== "string") return undefined;
    let [from, to] = [at, at];
    while (from > 0 && this.#quill.getFormat(from - 1, 1)["link"] === link) from -= 1;
    while (to < this.length() && this.#quill.getFormat(to, 1)["link"] === link) to += 1;
    return { from, to };
  }

  undo(): void {
    this.#quill.history.undo();
  }

  redo(): void {
    this.#quill.history.redo();
  }

  get canUndo(): boolean {
    return this.#quill.history.stack.undo.length > 0;
  }

  get canRedo(): boolean {
    return this.#quill.history.stack.redo.length > 0;
  }

  // Others' carets: the bank's colour and shape, and the name on a flag.
  show(others: readonly Stander[]): void {
    const here = new Set(others.map(({ who }) => who));
    for (const { id } of this.#cursors.cursors()) if (!here.has(id)) this.#cursors.removeCursor(id);
    for (const { who, name, bank, from, to } of others) {
      const before = this.#cursors.cursors().find(({ id }) => id === who)?.range;
      this.#cursors.createCursor(who, name, bank === "other" ? "var(--attention)" : `var(--${bank})`);
      document.getElementById(`ql-cursor-${who}`)?.classList.add(`at-${bank}`);
      if (before?.index === from && before.length === to - from) continue;
      this.#cursors.moveCursor(who, new Range(from, to - from));
      this.#cursors.toggleFlag(who, true);
    }
  }

  // The letters of a place, for marking them without touching them.
  rangeOf({ from, to }: Place): AbstractRange | undefined {
    const [start, startAt] = this.#quill.getLeaf(from);
    const [end, endAt] = this.#quill.getLeaf(to);
    if (!start || !end || !(start.domNode instanceof Text) || !(end.domNode instanceof Text)) return undefined;
    const range = document.createRange();
    range.setStart(start.domNode, Math.min(startAt, start.domNode.length));
    range.setEnd(end.domNode, Math.min(endAt, end.domNode.length));
    return range;
  }

  close(): void {
    this.#quill.disable();
    this.#cursors.destroy();
  }
}

// Tab moves on, as everywhere on a page: nobody is caught in the text. Lists have no levels and no boxes to tick.
function bindings(escaped: () => void): Record<string, unknown> {
  const off = Object.fromEntries([
    "indent", "outdent", "outdent backspace", "indent code-block", "outdent code-block", "remove tab", "checklist enter",
    "table backspace", "table delete", "table enter", "table tab", "table down", "table up", "code exit",
  ].map((name) => [name, null]));
  return {
    ...off,
    "tab": { key: "Tab", shiftKey: null, handler: () => true },
    "escape": { key: "Escape", handler: () => { escaped(); return false; } },
    "list autofill": { key: " ", shiftKey: null, collapsed: true, format: { list: false, header: false, blockquote: false }, prefix: /^\s*?(1\.|-|\*)$/, handler: fillList },
  };
}

// "1." or "-" and a space at the start of a line begin a list.
function fillList(this: { quill: Quill }, range: Range, { prefix }: { prefix: string }): boolean {
  const length = prefix.length;
  const [line, offset] = this.quill.getLine(range.index);
  if (!line || offset > length) return true;
  this.quill.insertText(range.index, " ", Quill.sources.USER);
  this.quill.history.cutoff();
  const change = new QuillDelta().retain(range.index - offset).delete(length + 1).retain(line.length() - 2 - offset)
    .retain(1, { list: prefix.trim().endsWith(".") ? "ordered" : "bullet" });
  this.quill.updateContents(change, Quill.sources.USER);
  this.quill.history.cutoff();
  this.quill.setSelection(range.index - length, 0, Quill.sources.SILENT);
  return false;
}
