import type { Problem } from "../../../src/index";
import { locale } from "../app/locale.svelte";
import { partName } from "../entities/readiness";
import { isSection } from "../texts/sections";

// A problem in the reader's language; the server's own sentence where there is no translation.
// `fields`: what fields are called on this page besides those that all pages know.
export function sayProblem(problem: Problem, fields: Readonly<Record<string, string>> = {}): string {
  const { t } = locale;
  if (problem.code === "try_later") return t.accounts.tryLater(Number(problem.params["seconds"]) || 60);
  const table: Record<string, string> = t.problems;
  const sentence = Object.hasOwn(table, problem.code) ? table[problem.code] : undefined;
  if (sentence === undefined) return problem.detail || problem.title;
  const missing = problem.params["missing"];
  const field = problem.field && (isSection(problem.field) ? t.texts.sections[problem.field].title : fields[problem.field] ?? t.fields[problem.field]);
  if (Array.isArray(missing)) return `${sentence} ${missing.map((part) => partName(String(part), t)).join(", ")}.`;
  return field ? `${field}: ${sentence}` : sentence;
}
