import { isBlank, unitsOf, type Content } from "./ops";

// The form of a proposal: its sections in the order in which they are read, and how much each may hold.
export const sections = ["objective", "needs", "target_groups", "partnership", "activities", "results", "risks", "sustainability"] as const;

export type Section = typeof sections[number];
export type TextState = "empty" | "written" | "too_long";

export const units_max: Readonly<Record<Section, number>> = {
  objective: 2_000, needs: 6_000, target_groups: 3_000, partnership: 3_000,
  activities: 10_000, results: 4_000, risks: 4_000, sustainability: 4_000,
};

export function isSection(name: string): name is Section {
  return (sections as readonly string[]).includes(name);
}

export function topicOf(proposal: string, section: Section): string {
  return `text/proposal/${proposal}/${section}`;
}

// What the topic of a text belongs to.
export function ownerOf(topic: string): { readonly proposal: string; readonly section: Section } | undefined {
  const [kind, owner, proposal, section] = topic.split("/");
  return kind === "text" && owner === "proposal" && proposal && section && isSection(section) ? { proposal, section } : undefined;
}

export function stateOf(content: Content, section: Section): TextState {
  if (isBlank(content)) return "empty";
  return unitsOf(content) > units_max[section] ? "too_long" : "written";
}
