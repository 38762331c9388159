import { known } from "../app/known.svelte";

// Whether all words typed begin somewhere in the texts, in either script.
export function matches(typed: string, ...texts: readonly (string | undefined)[]): boolean {
  const text = fold(texts.filter(Boolean).join(" "));
  return fold(typed).split(" ").every((word) => text.includes(word));
}

// All names of a town, so that it is found in both scripts.
export function townText(id: string): string {
  const town = known.town(id);
  return town ? `${town.name} ${town.name_local ?? ""} ${town.region ?? ""} ${town.country}` : id;
}

function fold(text: string): string {
  return text.trim().toLocaleLowerCase().normalize("NFD").replace(/[\u0300-\u0305\u0307\u0309-\u036f]/g, "").normalize("NFC").replace(/\s+/g, " ");
}
