// Random texts and changes of our schema, as operations that nobody has normalised yet.

// A generator of whole numbers below a bound (sfc32): the same seed, the same numbers.
export function randomOf(seed) {
  let [a, b, c, counter] = [0x9e3779b9, 0x243f6a88, Math.floor(seed / 2 ** 32) ^ 0xb7e15162, seed >>> 0];
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 16; i++) next();
  return (end) => next() % end;
}

const characters = [
  ..."abc xyz\n\n\t",
  ..."іїєґщЮЖ’",
  "é",
  "\u0301", // combining acute
  "\u0306", // combining breve
  "\u200d", // joins
  "ש",
  "🌉",
  "👩",
  "𝔐",
  "🇺🇦",
];

function anyText(random, countMax) {
  let text = "";
  for (let count = 1 + random(countMax); count > 0; count--) text += characters[random(characters.length)];
  return text;
}

const values = {
  bold: [true],
  italic: [true],
  underline: [true],
  link: ["https://byshiv.test/рада?a=\"1\"", "mailto:office@bacsalmas.test"],
  header: [1, 2, 3],
  list: ["ordered", "bullet"],
  blockquote: [true],
};
const ofLetters = ["bold", "italic", "underline", "link"];
const ofLines = ["header", "list", "blockquote"];

function anyAttributes(random, names, withNull) {
  const attributes = {};
  for (let count = 1 + random(3); count > 0; count--) {
    const name = names[random(names.length)];
    const choices = values[name];
    attributes[name] = withNull && random(3) === 0 ? null : choices[random(choices.length)];
  }
  return attributes;
}

function withAttributes(random, operation, names, withNull) {
  if (random(2) === 0) operation.attributes = anyAttributes(random, names, withNull);
  return operation;
}

function anyInsert(random, countMax) {
  return random(5) === 0
    ? withAttributes(random, { insert: "\n".repeat(1 + random(2)) }, ofLines, false)
    : withAttributes(random, { insert: anyText(random, countMax) }, ofLetters, false);
}

export function anyDocument(random) {
  const operations = [];
  for (let count = random(5); count > 0; count--) operations.push(anyInsert(random, 6));
  operations.push(withAttributes(random, { insert: "\n" }, ofLines, false));
  return operations;
}

const isLowSurrogate = (unit) => unit >= 0xdc00 && unit <= 0xdfff;

// A change of a text, most often one that fits it. It never splits a surrogate pair, which a text does not
// hold (the server refuses it); some pass the end, some end with a retain that says nothing.
export function anyChange(random, text) {
  const operations = [];
  let offset = 0;
  const pass = (lengthMax) => {
    let length = 1 + random(lengthMax);
    if (random(16) !== 0) length = Math.max(0, Math.min(length, text.length - offset));
    if (isLowSurrogate(text.charCodeAt(offset + length))) length += 1;
    offset += length;
    return length;
  };
  for (let count = random(6); count > 0; count--) {
    const kind = random(4);
    if (kind === 0) {
      operations.push(anyInsert(random, 4));
      continue;
    }
    const length = pass(6);
    if (length === 0) continue; // quill-delta's own builders leave these out
    if (kind === 1) operations.push({ delete: length });
    else if (kind === 2) operations.push({ retain: length });
    else operations.push({ retain: length, attributes: anyAttributes(random, random(2) ? ofLetters : ofLines, true) });
  }
  return operations;
}
