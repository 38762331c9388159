import { http } from "../app/account.svelte";
import { contentOf } from "../app/text.svelte";
import { sections, topicOf } from "../texts/sections";
import type { Shown } from "../../../src/audit/index";

// What a proposal's page shows with the first `size` events: its view and its texts, as the server tells them.
// Undefined where one of them did not come: then nothing can be compared.
export async function shownAt(proposal: string, size: number): Promise<(Shown & { readonly size: number }) | undefined> {
  const [view, ...texts] = await Promise.all([
    http.viewAsOf(`proposal/${proposal}`, { at: size }),
    ...sections.map((section) => http.textAt(topicOf(proposal, section), { at: size })),
  ]);
  if (!view.ok || texts.some(({ ok }) => !ok)) return undefined;
  return { size, view: view.value.value, texts: Object.fromEntries(sections.map((section, index) => {
    const text = texts[index]!;
    return [section, text.ok ? contentOf(text.value.content) : []];
  })) };
}
