// The stored bytes of events, cut out of the answer that carries them: what is shown is read from the very bytes
// whose hash is proven. An answer that was parsed and written again would no longer have that hash.

export interface StoredBytes {
  readonly position: number;
  readonly entry: string;
  readonly opened?: string; // the data of one that is sealed, as JSON; the server's word, which no hash proves
}

// Cuts each event of an `/v1/events` answer out of its text. The text must be JSON; of what is not such an answer,
// nothing is found.
export function entriesIn(answer: string): readonly StoredBytes[] {
  const events = membersOf(answer, 0).find(([name]) => name === "events");
  if (!events) return [];
  return itemsOf(answer, events[1]).flatMap((item) => {
    const members = new Map(membersOf(answer, item));
    const textOf = (at: number) => answer.slice(at, valueEnd(answer, at));
    const [position, entry, opened] = [members.get("position"), members.get("event"), members.get("opened")];
    return position === undefined || entry === undefined ? []
      : [{ position: Number(textOf(position)), entry: textOf(entry), ...(opened === undefined ? {} : { opened: textOf(opened) }) }];
  });
}

type Member = readonly [name: string, at: number]; // where its value begins

function membersOf(text: string, from: number): readonly Member[] {
  const members: Member[] = [];
  let at = skipSpace(text, from);
  if (text[at] !== "{") return members;
  for (at = skipSpace(text, at + 1); text[at] === '"';) {
    const end = valueEnd(text, at);
    const value = skipSpace(text, skipSpace(text, end) + 1);
    members.push([JSON.parse(text.slice(at, end)) as string, value]);
    at = skipSpace(text, valueEnd(text, value));
    if (text[at] === ",") at = skipSpace(text, at + 1);
  }
  return members;
}

function itemsOf(text: string, from: number): readonly number[] {
  const items: number[] = [];
  if (text[from] !== "[") return items;
  for (let at = skipSpace(text, from + 1); at < text.length && text[at] !== "]";) {
    items.push(at);
    at = skipSpace(text, valueEnd(text, at));
    if (text[at] === ",") at = skipSpace(text, at + 1);
  }
  return items;
}

// Behind the value that begins at `from`.
function valueEnd(text: string, from: number): number {
  const opened = text[from];
  if (opened === '"') return stringEnd(text, from);
  if (opened !== "{" && opened !== "[") {
    let at = from;
    while (at < text.length && !",]} \n\r\t".includes(text[at]!)) at += 1;
    return at;
  }
  let depth = 0;
  for (let at = from; at < text.length;) {
    const letter = text[at];
    if (letter === '"') {
      at = stringEnd(text, at);
      continue;
    }
    at += 1;
    if (letter === "{" || letter === "[") depth += 1;
    else if ((letter === "}" || letter === "]") && --depth === 0) return at;
  }
  return text.length;
}

function stringEnd(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && " \n\r\t".includes(text[at]!)) at += 1;
  return at;
}
