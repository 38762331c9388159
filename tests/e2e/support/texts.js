import assert from "node:assert/strict";
import { until } from "./until.js";

export const sections = ["objective", "needs", "target_groups", "partnership", "activities", "results", "risks", "sustainability"];

export const topicOf = (proposal, section) => `text/proposal/${proposal}/${section}`;
export const lettersOf = (content) => content.map(({ insert }) => insert).join("");

// The text as the server has it.
export const textOf = (desk, topic) => desk.ask(`/v1/texts/${topic.slice("text/".length)}`);

// Writes at the end of a text without opening it, as another device of the same person would.
export async function writesElsewhere(desk, topic, words) {
  const { revision, content } = await textOf(desk, topic);
  const { client } = await desk.post("/v1/clients", { stream: topic });
  const end = lettersOf(content).length - 1;
  const change = [...(end > 0 ? [{ retain: end }] : []), { insert: words }];
  return desk.command(topic, "edit_text", { client, sequence: 1, base: revision, change }, `${client}-1`);
}

// A few words in every section, so that approval can be asked for.
export async function fillsForm(desk, proposal, left = sections) {
  for (const section of left) await writesElsewhere(desk, topicOf(proposal, section), `Written in ${section}.`);
}

const words = {
  en: { edit: "Edit", done: "Done", suggest: "Suggest a change", comment: "Comment", history: "History", here: "Here now:" },
  uk: { edit: "Писати", done: "Готово", suggest: "Запропонувати зміну", comment: "Коментувати", history: "Історія", here: "Зараз тут:" },
};

// One section of the form on somebody's page.
export class Sheet {
  // `title`: in the language of the page.
  constructor(desk, title, language = "en") {
    Object.assign(this, { desk, title, words: words[language] });
  }

  get region() {
    return this.desk.page.getByRole("region", { name: this.title, exact: true });
  }

  get box() {
    return this.desk.page.getByRole("textbox", { name: this.title, exact: true });
  }

  get merge() {
    return this.region.getByTestId("merge");
  }

  get parked() {
    return this.region.getByTestId("parked");
  }

  get flags() {
    return this.region.locator(".ql-cursor:not(.hidden) .ql-cursor-name");
  }

  press(what) {
    return this.desk.press(`${this.words[what]}: ${this.title}`);
  }

  // Begins to write. The caret is behind the last letter then.
  async opens() {
    await this.press("edit");
    await this.box.waitFor();
    await this.region.getByTestId("text-state").waitFor();
  }

  async done() {
    await this.desk.press(this.words.done, this.region);
    await this.box.waitFor({ state: "detached" });
  }

  // Letter by letter, as a person does.
  async types(text, pause_ms = 0) {
    await this.desk.page.keyboard.type(text, { delay: pause_ms });
  }

  // Puts the caret before the letter at `place` of the first line.
  async goesTo(place) {
    await this.box.focus();
    await this.desk.page.keyboard.press("Control+Home");
    for (let step = 0; step < place; step += 1) await this.desk.page.keyboard.press("ArrowRight");
  }

  async goesToEnd() {
    await this.box.focus();
    await this.desk.page.keyboard.press("Control+End");
  }

  // What the editor shows.
  letters() {
    return this.box.evaluate(lettersShown);
  }

  // Waits until what is written here has got as far as this.
  async is(state, patience_ms) {
    await this.region.locator(`[data-testid="text-state"][data-state="${state}"]`).waitFor({ timeout: patience_ms });
  }
}

export function lettersShown(editor) {
  const lines = [...editor.querySelectorAll("p, h3, h4, h5, li, blockquote")];
  return lines.map((line) => `${line.textContent.replaceAll("\uFEFF", "")}\n`).join("");
}

// All editors show what the server has. Answers that.
export async function areEqual(sheets, topic) {
  let seen;
  await until("every window and the server have the same text", async () => {
    const { content } = await textOf(sheets[0].desk, topic);
    seen = { server: lettersOf(content), windows: await Promise.all(sheets.map((sheet) => sheet.letters())) };
    return seen.windows.every((letters) => letters === seen.server);
  }, 40_000).catch((error) => assert.fail(`${error.message}: ${JSON.stringify(seen, undefined, 1)}`));
  return seen.server;
}

// How often `part` stands in `letters`.
export const times = (letters, part) => letters.split(part).length - 1;
