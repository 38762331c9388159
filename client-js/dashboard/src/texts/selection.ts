import type { Place } from "./marks";

// What is selected of a text that is being read, as a place in it. The text's letters stand in elements
// that bear `data-at`, where in the text they begin.
export function selectedPlace(container: HTMLElement): Place | undefined {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return undefined;
  const range = selection.getRangeAt(0);
  if (!container.contains(range.commonAncestorContainer)) return undefined;
  const touched = [...container.querySelectorAll<HTMLElement>("[data-at]")].filter((letters) => range.intersectsNode(letters));
  const [first, last] = [touched[0], touched.at(-1)];
  if (!first || !last) return undefined;
  const from = Number(first.dataset["at"]) + (first.contains(range.startContainer) ? range.startOffset : 0);
  const to = Number(last.dataset["at"]) + (last.contains(range.endContainer) ? range.endOffset : last.textContent.length);
  return from < to ? { from, to } : undefined;
}

// Tells what is selected in the text from now on; a selection elsewhere on the page changes nothing.
export function followSelection(container: HTMLElement, told: (place: Place | undefined) => void): () => void {
  const changed = () => {
    const node = getSelection()?.anchorNode;
    if (node && container.contains(node)) told(selectedPlace(container));
  };
  document.addEventListener("selectionchange", changed);
  return () => document.removeEventListener("selectionchange", changed);
}
