import type { Fetched, ListPage } from "../../../src/index";
import type { Town, TownRow } from "../entities/types";

const at_once_max = 4;
const names_max = 500; // beyond these, towns are called by their codes
const pause_ms = 30_000; // before a question that failed is asked again

export type AskRegister = (search: string) => Promise<Fetched<ListPage>>;

// Names of towns that no partnership names, so that no topic brings them: looked up in the register when they are
// first needed, each once, a few at a time. `found` is told each that has one.
export class RegisterNames {
  readonly #ask: AskRegister;
  readonly #found: (id: string, town: Town) => void;
  readonly #now: () => number;
  readonly #next = new Map<string, number>(); // when it may be asked about; never again, once it was answered
  readonly #waiting: string[] = [];
  #running = 0;

  constructor(ask: AskRegister, found: (id: string, town: Town) => void, now: () => number = Date.now) {
    this.#ask = ask;
    this.#found = found;
    this.#now = now;
  }

  want(id: string): void {
    if (!isTownId(id) || (this.#next.get(id) ?? 0) > this.#now() || (!this.#next.has(id) && this.#next.size >= names_max)) return;
    this.#next.set(id, Infinity);
    this.#waiting.push(id);
    this.#go();
  }

  #go(): void {
    while (this.#running < at_once_max) {
      const id = this.#waiting.shift();
      if (id === undefined) return;
      this.#running += 1;
      void this.#look(id).finally(() => {
        this.#running -= 1;
        this.#go();
      });
    }
  }

  async #look(id: string): Promise<void> {
    const answer = await this.#ask(id);
    if (!answer.ok) {
      this.#next.set(id, this.#now() + pause_ms);
      return;
    }
    const town = (answer.value.rows as unknown as readonly TownRow[]).find((row) => row.id === id);
    if (town) this.#found(id, town);
  }
}

// As the two registers make them: KATOTTG's codes, and a country with its own code.
function isTownId(id: string): boolean {
  return /^UA\d{17}$/.test(id) || /^[A-Z]{2}_[\w-]{1,40}$/.test(id);
}
