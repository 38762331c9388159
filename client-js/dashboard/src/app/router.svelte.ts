import { tick } from "svelte";

// Where the reader is. Links are ordinary: a click on one is taken over here.
class Router {
  path = $state(location.pathname);
  query = $state.raw(new URLSearchParams(location.search));
  readonly #depths = new Map<string, number>();

  start(): () => void {
    history.scrollRestoration = "manual";
    const popped = () => {
      this.#read();
      const top = this.#depths.get(location.pathname) ?? 0;
      void tick().then(() => requestAnimationFrame(() => scrollTo(0, top)));
    };
    addEventListener("popstate", popped);
    document.addEventListener("click", this.#clicked);
    return () => {
      removeEventListener("popstate", popped);
      document.removeEventListener("click", this.#clicked);
    };
  }

  go(to: string): void {
    if (to === location.pathname + location.search + location.hash) return;
    const before = location.pathname;
    this.#depths.set(before, scrollY);
    history.pushState(null, "", to);
    this.#read();
    if (location.pathname !== before) scrollTo(0, 0);
  }

  // Changes the address without a step in the reader's way back.
  replace(query: Readonly<Record<string, string | undefined>>): void {
    const next = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(query)) {
      if (value === undefined || value === "") next.delete(name);
      else next.set(name, value);
    }
    const text = next.toString();
    history.replaceState(null, "", location.pathname + (text && `?${text}`));
    this.#read();
  }

  #read(): void {
    this.path = location.pathname;
    this.query = new URLSearchParams(location.search);
  }

  readonly #clicked = (event: MouseEvent) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
    if (link.hash && link.pathname === location.pathname && link.search === location.search) return;
    event.preventDefault();
    this.go(link.pathname + link.search + link.hash);
  };
}

export const router = new Router();
