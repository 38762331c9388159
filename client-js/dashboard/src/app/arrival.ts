let first = true;

// Moves the focus to the new page's title, but not when the site is opened.
export function arrive(heading: HTMLElement): void {
  if (!first) heading.focus({ preventScroll: true });
  first = false;
}
