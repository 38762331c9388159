// Leads the reader to a part of the page: it is scrolled to, and its title has the focus.
export function jumpTo(part: string): void {
  const heading = document.getElementById(`${part}-title`);
  heading?.scrollIntoView({ block: "start" });
  heading?.setAttribute("tabindex", "-1");
  heading?.focus({ preventScroll: true });
}
