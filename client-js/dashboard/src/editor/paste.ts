import Quill, { Delta, type Range } from "quill/core";
import Clipboard from "quill/modules/clipboard";
import { cleaned } from "../texts/clean";
import { text_units_max } from "./binding";
import { isBullet, looksOf, withoutStyles } from "./styles";

// The headings of other programs, in the three levels that a text has. Those that this editor shows keep theirs.
const levels: Readonly<Record<string, number>> = { H1: 1, H2: 2, H3: 1, H4: 2, H5: 3, H6: 3 };

// What is pasted keeps the text's own formats and loses everything else, wherever it comes from.
export class CleanClipboard extends Clipboard {
  readonly #tooBig: (change: Delta) => void;

  constructor(quill: Quill, options: ConstructorParameters<typeof Clipboard>[1] & { tooBig?: (change: Delta) => void }) {
    super(quill, options);
    this.#tooBig = options.tooBig ?? (() => {});
    for (const [tag, level] of Object.entries(levels)) {
      this.addMatcher(tag, (_node, delta) => delta.compose(new Delta().retain(delta.length(), { header: level })));
    }
    this.addMatcher("[data-style]", (node, delta) => {
      const looks = looksOf(node instanceof Element ? node.getAttribute("data-style") ?? "" : "");
      return Object.keys(looks).length > 0 ? delta.compose(new Delta().retain(delta.length(), looks)) : delta;
    });
  }

  override convert(pasted: { html?: string; text?: string }, formats?: Record<string, unknown>): Delta {
    const big = (pasted.html?.length ?? 0) > 20 * text_units_max;
    const delta = super.convert(big ? { text: pasted.text ?? "" } : pasted, formats);
    return cleaned(delta.ops).reduce((sum, op) => sum.push(op), new Delta());
  }

  override onPaste(range: Range, pasted: { text?: string; html?: string }): void {
    if (this.quill.getLength() + (pasted.text?.length ?? 0) <= text_units_max) return super.onPaste(range, pasted);
    const delta = this.convert({ text: pasted.text ?? "" });
    this.#tooBig(new Delta().retain(range.index).concat(delta).delete(range.length));
  }

  protected override convertHTML(html: string): Delta {
    return super.convertHTML(withoutStyles(html));
  }

  protected override normalizeHTML(doc: Document): void {
    super.normalizeHTML(doc);
    for (const unseen of doc.querySelectorAll("script, style, template, noscript, title, head > *")) unseen.remove();
    for (const item of doc.querySelectorAll<HTMLElement>('[data-style*="mso-list"]')) wordItem(item);
  }
}

// Word writes a list as paragraphs, each beginning with its own sign: they become a list again.
function wordItem(paragraph: HTMLElement): void {
  const sign = paragraph.querySelector('[data-style*="mso-list:Ignore" i], [data-style*="mso-list: Ignore" i]');
  if (!sign) return;
  const tag = isBullet(sign.textContent) ? "UL" : "OL";
  sign.remove();
  const item = paragraph.ownerDocument.createElement("li");
  item.append(...paragraph.childNodes);
  const before = paragraph.previousElementSibling;
  const list = before?.tagName === tag ? before : paragraph.ownerDocument.createElement(tag);
  list.append(item);
  if (list === before) paragraph.remove();
  else paragraph.replaceWith(list);
}
