import { locale } from "../app/locale.svelte";
import { sayProblem } from "../forms/problems";

// What became of a sign-in at a provider's page, as the address with which the browser came back tells it. Anybody
// can write an address: only what we have a sentence for is said.
export function troubleOf(query: URLSearchParams): string {
  const code = query.get("problem");
  if (code === null) return "";
  const { problems } = locale.t;
  const known = code === "try_later" || Object.hasOwn(problems, code);
  return sayProblem({ code: known ? code : "unexpected", title: "", detail: "", status: 0, params: { seconds: Number(query.get("seconds")) || 60 } });
}
