import { tick } from "svelte";
import type { Words } from "../words/en";

// Into the first field of what has just opened.
export function focusFirst(form: HTMLElement): void {
  form.querySelector("input")?.focus();
}

// To what stands there once the page has followed.
export async function focusOn(id: string): Promise<void> {
  await tick();
  document.getElementById(id)?.focus();
}

export interface Line {
  readonly id: string;
  readonly label: string;
  readonly value: string;
}

// A sentence for each line that is empty, by its id. The first of them has the focus then.
export function emptyLines(lines: readonly Line[], t: Words): Record<string, string> {
  const empty = lines.filter(({ value }) => value.trim() === "");
  if (empty[0]) void focusOn(empty[0].id);
  return Object.fromEntries(empty.map(({ id, label }) => [id, t.forms.required(label)]));
}
