import type { Person } from "../entities/types";
import type { Option } from "../forms/fields";

// Who else of the same organisation takes part, for choosing one.
export function colleaguesOf(actor: string, person: Person, people: Readonly<Record<string, Person>>): readonly Option[] {
  return Object.entries(people)
    .filter(([id, other]) => id !== actor && other.organisation === person.organisation && !other.left && other.role !== "service")
    .map(([value, { name }]) => ({ value, label: name }))
    .sort((a, b) => a.label.localeCompare(b.label));
}
