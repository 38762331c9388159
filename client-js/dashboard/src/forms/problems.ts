import type { Problem } from "../../../src/index";
import { locale } from "../app/locale.svelte";
import type { Sending } from "../app/outbox.svelte";
import { partName } from "../entities/readiness";
import { isSection } from "../texts/sections";
import type { Words } from "../words/en";
import { fieldLabel } from "./written";

// A problem in the reader's language; the server's own sentence where there is no translation.
// `fields`: what fields are called on this page besides those that all pages know.
export function sayProblem(problem: Problem, fields: Readonly<Record<string, string | undefined>> = {}): string {
  const { t } = locale;
  if (problem.code === "try_later") return t.accounts.tryLater(Number(problem.params["seconds"]) || 60);
  const sentence = sentenceOf(problem, t);
  if (sentence === undefined) return problem.detail || problem.title;
  const missing = problem.params["missing"];
  if (typeof missing === "string" && missing) return `${sentence} ${missing.split(", ").map((part) => partName(part, t)).join(", ")}.`;
  const field = problem.field && (isSection(problem.field) ? t.texts.sections[problem.field].title : fields[problem.field] ?? t.fields[problem.field]);
  return field ? `${field}: ${sentence}` : sentence;
}

// Why a change was refused, with its fields called what its form calls them.
export function sayRefusal(sending: Pick<Sending, "name" | "labelsNow">, problem: Problem): string {
  const { field } = problem;
  return sayProblem(problem, field === undefined ? {} : { [field]: fieldLabel(sending, field, locale, sending.labelsNow) });
}

// The same beside the very field: which one it is need not be said.
export function sayBesideField({ field, ...problem }: Problem): string {
  const { t, language } = locale;
  if (language === "en" && problem.detail) {
    const detail = field !== undefined && problem.detail.startsWith(`${field}: `) ? problem.detail.slice(field.length + 2) : problem.detail;
    return detail.charAt(0).toUpperCase() + detail.slice(1);
  }
  const { min, max } = problem.params;
  if (problem.code !== "invalid_field") return sayProblem(problem);
  return min !== undefined && max !== undefined ? t.forms.badRange(String(min), String(max)) : t.forms.badHere;
}

// Some codes say different things of different cases, which their values tell apart.
function sentenceOf({ code, params }: Problem, t: Words): string | undefined {
  const { begins, max } = params;
  if (code === "wrong_stream" && begins !== undefined) return t.forms.wrongId(String(begins));
  if (code === "wrong_stream" && max !== undefined) return t.forms.longId(String(max));
  const table: Record<string, string> = t.problems;
  return Object.hasOwn(table, code) ? table[code] : undefined;
}
