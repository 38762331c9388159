import { isSection, sections, type Section, type TextState } from "../texts/sections";
import type { Words } from "../words/en";
import type { Proposal } from "./types";

// What a proposal still needs before approval may be asked for, part by part.

export type Part = "title" | "summary" | "sectors" | "budget" | Section;

export function textStateOf(proposal: Proposal, section: Section): TextState {
  return proposal.texts?.[section] ?? "empty";
}

export function lacks(proposal: Proposal): readonly Part[] {
  const missing: Part[] = [];
  if (!proposal.title) missing.push("title");
  if (!proposal.summary) missing.push("summary");
  if (proposal.sectors.length === 0) missing.push("sectors");
  missing.push(...sections.filter((section) => textStateOf(proposal, section) === "empty"));
  if (Object.keys(proposal.budget).length === 0) missing.push("budget");
  return missing;
}

export function tooLong(proposal: Proposal): readonly Section[] {
  return sections.filter((section) => textStateOf(proposal, section) === "too_long");
}

// A part's name as a sentence about what is missing has it.
export function partName(part: string, t: Words): string {
  return isSection(part) ? t.texts.lacksSection(t.texts.sections[part].title) : t.lacks[part] ?? part;
}
