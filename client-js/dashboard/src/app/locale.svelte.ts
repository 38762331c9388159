import { Dates, localeOf } from "../format/dates";
import { Numbers } from "../format/money";
import type { Words } from "../words/en";
import type { Language } from "../words/plural";

const key = "mosty.language";

// The reader's language: the words, and how dates and numbers are written.
class Locale {
  language = $state<Language>("en");
  #words = $state.raw<Words | undefined>(undefined);
  readonly dates = $derived(new Dates(localeOf(this.language)));
  readonly numbers = $derived(new Numbers(localeOf(this.language)));

  get t(): Words {
    if (!this.#words) throw new Error("The words are loaded before anything is shown.");
    return this.#words;
  }

  async start(): Promise<void> {
    await this.#load(remembered() ?? preferred());
  }

  // A choice is remembered.
  async choose(language: Language): Promise<void> {
    try {
      localStorage.setItem(key, language);
    } catch {
      // Storage may be closed to us: the choice then holds for this page.
    }
    await this.#load(language);
  }

  async #load(language: Language): Promise<void> {
    this.#words = language === "uk" ? (await import("../words/uk")).uk : (await import("../words/en")).en;
    this.language = language;
    document.documentElement.lang = language;
  }
}

function remembered(): Language | undefined {
  try {
    const value = localStorage.getItem(key);
    return value === "uk" || value === "en" ? value : undefined;
  } catch {
    return undefined;
  }
}

function preferred(): Language {
  const first = navigator.languages.find((tag) => /^(uk|en)\b/i.test(tag));
  return first?.toLowerCase().startsWith("uk") ? "uk" : "en";
}

export const locale = new Locale();
