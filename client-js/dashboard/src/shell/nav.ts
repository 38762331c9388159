import CalendarDays from "@lucide/svelte/icons/calendar-days";
import FileText from "@lucide/svelte/icons/file-text";
import Handshake from "@lucide/svelte/icons/handshake";
import House from "@lucide/svelte/icons/house";
import type { Me } from "../../../src/index";
import { isMunicipal, looksAfterPeople, readsHistory } from "../entities/rights";
import type { Words } from "../words/en";

export interface Place {
  readonly path: string;
  readonly label: string;
}

export const icons = { "/": House, "/partnerships": Handshake, "/visits": CalendarDays, "/proposals": FileText } as const;

// The four that everyone has, then those of a role.
export function mainPlaces(t: Words): readonly (Place & { path: keyof typeof icons })[] {
  return [
    { path: "/", label: t.nav.today }, { path: "/partnerships", label: t.nav.partnerships },
    { path: "/visits", label: t.nav.visits }, { path: "/proposals", label: t.nav.proposals },
  ];
}

export function furtherPlaces(t: Words, me: Me): readonly Place[] {
  return [
    ...(isMunicipal(me) ? [] : [{ path: "/board", label: t.nav.board }]),
    { path: "/feed", label: t.nav.feed },
    ...(readsHistory(me) ? [{ path: "/history", label: t.nav.history }] : []),
    { path: "/municipalities", label: t.nav.municipalities },
    ...(looksAfterPeople(me) ? [{ path: "/people", label: t.accounts.people }] : []),
  ];
}

export function isHere(path: string, here: string): boolean {
  return path === "/" ? here === "/" : here === path || here.startsWith(`${path}/`);
}
