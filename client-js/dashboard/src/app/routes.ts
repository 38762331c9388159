import type { Component } from "svelte";

// Each page is its own chunk, fetched when it is first opened or when there is time for it.

export interface PageProps {
  id: string;
}

type Load = () => Promise<{ default: Component<PageProps> | Component }>;

interface Route {
  readonly pattern: RegExp;
  readonly load: Load;
}

const id = "([A-Za-z0-9_-]{1,64})";

const routes: readonly Route[] = [
  { pattern: /^\/$/, load: () => import("../pages/Today.svelte") },
  { pattern: /^\/partnerships$/, load: () => import("../pages/Partnerships.svelte") },
  { pattern: /^\/partnerships\/new$/, load: () => import("../pages/ProposePartnership.svelte") },
  { pattern: new RegExp(`^/partnerships/${id}$`), load: () => import("../pages/PartnershipPage.svelte") },
  { pattern: /^\/visits$/, load: () => import("../pages/Visits.svelte") },
  { pattern: /^\/visits\/new$/, load: () => import("../pages/PlanVisit.svelte") },
  { pattern: new RegExp(`^/visits/${id}$`), load: () => import("../pages/VisitPage.svelte") },
  { pattern: /^\/proposals$/, load: () => import("../pages/Proposals.svelte") },
  { pattern: /^\/proposals\/new$/, load: () => import("../pages/DraftProposal.svelte") },
  { pattern: new RegExp(`^/proposals/${id}$`), load: () => import("../pages/ProposalPage.svelte") },
  { pattern: /^\/feed$/, load: () => import("../pages/Feed.svelte") },
  { pattern: /^\/history$/, load: () => import("../pages/History.svelte") },
  { pattern: new RegExp(`^/((?:proposals|partnerships|visits|municipalities)/[A-Za-z0-9_-]{1,64})/history$`), load: () => import("../pages/History.svelte") },
  { pattern: new RegExp(`^/events/${id}$`), load: () => import("../pages/EventPage.svelte") },
  { pattern: /^\/municipalities$/, load: () => import("../pages/Municipalities.svelte") },
  { pattern: /^\/board$/, load: () => import("../pages/Board.svelte") },
  { pattern: /^\/people$/, load: () => import("../pages/People.svelte") },
  { pattern: /^\/account$/, load: () => import("../pages/AccountPage.svelte") },
  { pattern: /^\/join$/, load: () => import("../pages/Join.svelte") },
  { pattern: /^\/sign-in$/, load: () => import("../pages/SignIn.svelte") },
];

export interface Found {
  readonly load: Load;
  readonly id: string;
}

export function routeFor(path: string): Found {
  const trimmed = path.length > 1 ? path.replace(/\/+$/, "") : path;
  for (const { pattern, load } of routes) {
    const match = pattern.exec(trimmed);
    if (match) return { load, id: match[1] ?? "" };
  }
  return { load: () => import("../pages/NotFound.svelte"), id: "" };
}

// All pages, so that none is missing when the connection is.
export function fetchPages(): void {
  void Promise.allSettled([...routes.map(({ load }) => load()), import("../shell/Finder.svelte")]);
}
