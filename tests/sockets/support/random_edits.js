// Edits as people make them: letters, Cyrillic and astral, lines, deletions and formats.
import Delta from "quill-delta";

import { lettersOf } from "./text_copy.js";

const written = ["в", "о", "д", "а", "ї", "є", " ", "Бишів", "Bácsalmás", "ű", "e", "𝒳", "🌊", "👩‍🚒", "\n", "\t"];
const link = "https://mosty.example/їжак";
const ofLetters = [{ bold: true }, { bold: null }, { italic: true }, { underline: true }, { link }, { link: null }];
const ofLines = [{ header: 2 }, { header: null }, { list: "bullet" }, { list: "ordered" }, { list: null }, { blockquote: true }];

// A place that splits no pair of surrogates.
const whole = (letters, place) => (/[\udc00-\udfff]/.test(letters[place] ?? "") ? place - 1 : place);

// A text that ends with a newline does so after each of these. Two of them together may leave none, until the
// server has mended it.
export function randomEdit({ below, any }, content) {
  const letters = lettersOf(content.ops);
  const from = whole(letters, below(letters.length));
  const to = whole(letters, Math.min(letters.length - 1, from + 1 + below(letters.length > 400 ? 40 : 6)));
  const kind = below(letters.length > 400 ? 10 : 14);
  const at = new Delta().retain(from);
  if (kind < 3 && to > from) return at.delete(to - from);
  if (kind === 3 && to > from) return at.insert(any(written)).delete(to - from);
  if (kind === 4 && to > from) return at.retain(to - from, any(ofLetters));
  const lineEnd = letters.indexOf("\n", from);
  if (kind === 5 && lineEnd >= 0) return new Delta().retain(lineEnd).retain(1, any(ofLines));
  const lastLine = letters.slice(0, -1).lastIndexOf("\n");
  if (kind === 6 && lastLine >= 0 && letters.length - lastLine < 20)
    return below(2) ? new Delta().retain(lastLine).delete(1) : new Delta().retain(lastLine + 1).delete(letters.length - lastLine - 1);
  return at.insert(any(written), below(6) ? undefined : { bold: true });
}
