import type { Person, Town } from "../entities/types";
import { account, http } from "./account.svelte";
import { locale } from "./locale.svelte";
import { RegisterNames } from "./register-names";

// Names behind ids: the two small topics that every page joins, and the register for towns that are in neither.
class Known {
  #people = $state.raw<Record<string, Person>>({});
  #towns = $state.raw<Record<string, Town>>({});
  #others = $state.raw<Record<string, Town>>({});
  #register = this.#newRegister();

  // Follows for as long as somebody is signed in.
  follow(): () => void {
    const people = account.client.follow("directory");
    const towns = account.client.follow("towns");
    const stops = [
      people.subscribe(({ value }) => { if (value) this.#people = value as unknown as Record<string, Person>; }),
      towns.subscribe(({ value }) => { if (value) this.#towns = value as unknown as Record<string, Town>; }),
    ];
    return () => {
      for (const stop of stops) stop();
      people.release();
      towns.release();
      [this.#people, this.#towns, this.#others] = [{}, {}, {}];
      this.#register = this.#newRegister();
    };
  }

  get towns(): Readonly<Record<string, Town>> {
    return this.#towns;
  }

  get people(): Readonly<Record<string, Person>> {
    return this.#people;
  }

  person(actor: string): Person | undefined {
    return this.#people[actor];
  }

  personName(actor: string): string {
    if (actor === "service-import") return locale.t.common.importer;
    const person = this.#people[actor];
    if (!person && actor.startsWith("service-")) return locale.t.common.program;
    return person?.erased ? locale.t.common.erasedPerson : person?.name ?? locale.t.common.nobody;
  }

  // What a stream is called that has no page with a title.
  streamName(stream: string): string {
    const [kind, id = ""] = stream.split("/");
    return kind === "municipality" ? this.townName(id) : kind === "person" && this.#people[id] ? this.personName(id) : stream;
  }

  // Of a partnership.
  town(id: string): Town | undefined {
    return this.#towns[id];
  }

  // Of a partnership, or as the register has it; that comes later.
  anyTown(id: string): Town | undefined {
    const town = this.#towns[id] ?? this.#others[id];
    if (!town && account.me) this.#register.want(id);
    return town;
  }

  // In the reader's script first.
  townName(id: string): string {
    const town = this.anyTown(id);
    return town ? namesOf(town, locale.language).first : locale.t.organisations[id] ?? id;
  }

  // What one person's register brings is not another's.
  #newRegister(): RegisterNames {
    const register: RegisterNames = new RegisterNames(
      (search) => http.list("municipalities", { search, limit: 10 }),
      (id, town) => { if (register === this.#register) this.#others = { ...this.#others, [id]: town }; });
    return register;
  }
}

// A Ukrainian name is led by the reader's script; an EU name by the name known abroad.
export function namesOf(town: Pick<Town, "name" | "name_local" | "country">, language: "en" | "uk"): { first: string; second?: string } {
  const { name, country } = town;
  const local = town.name_local && plainName(town.name_local);
  if (!local || local === name) return { first: name };
  return country === "UA" && language === "uk" ? { first: local, second: name } : { first: name, second: local };
}

// «Бишівська громада», as people say it; the register adds whether it is rural, of a settlement or of a city.
function plainName(local: string): string {
  return local.replace(/ (?:сільська|селищна|міська) (?:територіальна )?громада$/, " громада");
}

// A region's name; the statistical codes of the EU register say nothing to a reader.
export function regionOf(town: Town): string | undefined {
  return town.region && /^[A-Z]{2}[0-9A-Z]{1,3}$/.test(town.region) ? undefined : town.region;
}

export const known = new Known();
