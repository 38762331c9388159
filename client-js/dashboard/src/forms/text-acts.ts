import { isObject, type Delta, type JsonObject, type OpenText, type Suggestion, type Thread } from "../../../src/index";
import { linesOf } from "../texts/blocks";
import { quoteOf, type Place } from "../texts/marks";
import type { Content } from "../texts/ops";
import { textOf } from "../texts/ops";
import type { Words } from "../words/en";
import type { Act } from "./acts";
import type { Field, Option } from "./fields";
import { newId } from "./proposal-acts";

const body_max = 2_000;
const note_max = 1_000;

// The acts of a text that ask for something. Ids of threads, suggestions and versions are made here.
export class TextActs {
  constructor(readonly shared: OpenText, readonly content: Content, readonly t: Words) {}

  // On a passage; where none is selected, on a paragraph that is chosen here.
  begin(kind: "comment" | "advice", place: Place | undefined): Act {
    const { t } = this;
    const advice = kind === "advice";
    const paragraphs = this.#paragraphs();
    const whole: readonly Field[] = place ? [] : [{ kind: "choice", name: "passage", label: t.texts.selection.whole, options: paragraphs }];
    return {
      stream: this.shared.topic, command: "comment_text", title: advice ? t.texts.threads.giveTitle : t.texts.threads.commentTitle,
      ...(place ? { help: t.texts.threads.about(quoteOf(textOf(this.content), place)) } : {}), confirm: advice ? t.texts.threads.give : t.texts.comment,
      fields: [...whole, { kind: "text", name: "body", label: advice ? t.texts.threads.adviceBody : t.texts.threads.body, max: body_max, rows: 4 }],
      ...(place || !paragraphs[0] ? {} : { typed: { passage: paragraphs[0].value } }),
      also: { thread: newId("t"), kind },
      shape: ({ passage, ...data }) => ({ ...data, ...this.#anchor(place ?? placeFrom(passage)) }),
      check: ({ passage }) => {
        const { from, to } = this.#anchor(place ?? placeFrom(passage));
        return from < to ? {} : { [place ? "body" : "passage"]: t.texts.threads.unsaid };
      },
    };
  }

  reply(thread: Thread): Act {
    const { t } = this;
    return {
      stream: this.shared.topic, command: "reply_in_text", title: t.texts.threads.replyTitle, help: t.texts.threads.about(thread.quote), confirm: t.texts.threads.reply,
      fields: [{ kind: "text", name: "body", label: t.texts.threads.replyBody, max: body_max, rows: 4 }], also: { thread: thread.id },
    };
  }

  answerAdvice(thread: Thread, answer: "accepted" | "declined"): Act {
    const { t } = this;
    const accepted = answer === "accepted";
    return {
      stream: this.shared.topic, command: "answer_advice", title: accepted ? t.texts.threads.acceptTitle : t.texts.threads.declineTitle,
      ...(accepted ? { help: t.texts.threads.acceptHelp } : {}), confirm: accepted ? t.texts.threads.accept : t.texts.threads.decline,
      fields: [this.#note(t.texts.threads.note)], also: { thread: thread.id, answer },
    };
  }

  suggest(change: Delta): Act {
    const { t } = this;
    const named = this.shared.suggestion(change);
    return {
      stream: this.shared.topic, command: "suggest_in_text", title: t.texts.suggestions.noteTitle, help: t.texts.suggestions.explain, confirm: t.texts.suggestions.propose,
      fields: [this.#note(t.texts.suggestions.note)], also: { suggestion: newId("s"), base: named.base, change: named.change.ops as unknown as JsonObject[] },
    };
  }

  decline(suggestion: Suggestion, own: boolean): Act {
    const { t } = this;
    return {
      stream: this.shared.topic, command: "decline_suggestion", title: own ? t.texts.suggestions.withdrawTitle : t.texts.suggestions.declineTitle,
      help: t.texts.threads.about(suggestion.quote), confirm: own ? t.texts.suggestions.withdraw : t.texts.suggestions.decline,
      fields: [this.#note(t.common.reason)], also: { suggestion: suggestion.id },
    };
  }

  nameVersion(revision: number): Act {
    const { t } = this;
    return {
      stream: this.shared.topic, command: "name_text_version", title: t.texts.past.nameTitle, help: t.texts.past.nameHelp, confirm: t.common.save,
      fields: [{ kind: "text", name: "name", label: t.texts.past.nameField, max: 200 }], also: { version: newId("v"), revision },
    };
  }

  restore(revision: number): Act {
    const { t } = this;
    return {
      stream: this.shared.topic, command: "restore_text", title: t.texts.past.restoreTitle, help: t.texts.past.restoreHelp, confirm: t.texts.past.restore,
      fields: [], also: { revision },
    };
  }

  #anchor(place: Place): { base: number; from: number; to: number } {
    return this.shared.anchor(place.from, place.to);
  }

  #note(label: string): Field {
    return { kind: "text", name: "note", label, max: note_max, rows: 3, optional: true };
  }

  #paragraphs(): readonly Option[] {
    return paragraphsOf(this.content);
  }
}

// Each line that says something, as a choice: its place, and how it begins.
export function paragraphsOf(content: Content): readonly Option[] {
  return linesOf(content).flatMap(({ line }) => {
    const [first, last] = [line[0], line.at(-1)];
    if (!first || !last) return [];
    const label = quoteOf(line.map(({ text }) => text).join(""), { from: 0, to: 10_000 }, 60);
    return label === "" ? [] : [{ value: `${first.from}-${last.from + last.text.length}`, label }];
  });
}

export function placeFrom(value: unknown): Place {
  const [from, to] = String(isObject(value) ? "" : value).split("-").map(Number);
  return { from: from ?? 0, to: to ?? 0 };
}
