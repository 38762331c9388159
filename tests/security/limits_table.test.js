// The tables of limits in SECURITY.md are what server/config says: every setting, its default and its bounds.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { it } from "node:test";

const read = (file) => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");

// "64 * 1024" or "15'000" as a number.
function value(expression) {
  const plain = expression.replaceAll("'", "").trim();
  assert.match(plain, /^[\d\s*<+()-]+$/, expression);
  return Function(`return (${plain})`)();
}

function limitsInCode() {
  const settings = read("server/config/settings.hpp");
  const limits = new Map();
  for (const [, name, min, max, member] of read("server/config/settings_file.cpp").matchAll(
    /\{"(\w+)",\s*([^,{}]+),\s*([^,{}]+),\s*(?:into\(&|of_accounts\(&Account)Settings::(\w+)\)\}/g)) {
    const initial = new RegExp(`\\b${member}\\s*(?:=|\\{)\\s*([^;}]+)\\}?;`).exec(settings);
    assert.ok(initial, `${member} has no default in settings.hpp`);
    limits.set(name, { initial: value(initial[1]), min: value(min), max: value(max) });
  }
  return limits;
}

function limitsInTable() {
  const limits = new Map();
  for (const [, name, initial, min, max] of read("SECURITY.md").matchAll(
    /^\| `(\w+)` \| ([\d,]+)[^|]*\| ([\d,]+)–([\d,]+)[^|]*\| \S/gm)) {
    const number = (text) => Number(text.replaceAll(",", ""));
    assert.ok(!limits.has(name), `${name} stands twice`);
    limits.set(name, { initial: number(initial), min: number(min), max: number(max) });
  }
  return limits;
}

it("SECURITY.md names every limit that can be set, with the default and the bounds of the code", () => {
  const code = limitsInCode();
  assert.deepEqual(Object.fromEntries([...limitsInTable()].sort()), Object.fromEntries([...code].sort()));
});

it("as many limits are read from the code as its tables have", () => {
  const counts = [...read("server/config/settings_file.cpp").matchAll(/std::array<NumberSetting, (\d+)>&/g)];
  assert.ok(counts.length > 0);
  assert.equal(limitsInCode().size, counts.reduce((sum, [, count]) => sum + Number(count), 0));
});

// "16 KiB of JSON" and "10,000 and 100, for 10 minutes" as numbers: bytes, milliseconds, days and plain counts.
function quantities(text) {
  const units = { KiB: 1024, MiB: 1024 ** 2 };
  return [...text.matchAll(/(\d[\d,]*)(?: (KiB|MiB))?/g)].map(([, digits, unit]) => Number(digits.replaceAll(",", "")) * (units[unit] ?? 1));
}

// Every number that a file gives a name, and every number that those are made of.
function numbersOf(file) {
  const numbers = new Set();
  for (const [expression] of read(file).matchAll(/[\d'][\d'\s*<()+]*/g)) {
    const plain = expression.replaceAll("'", "").replace(/[\s*<(+]+$/, "");
    for (const part of plain.match(/\d+/g) ?? []) numbers.add(Number(part));
    if (/^\d+(\s*(\*|<<)\s*\d+)*$/.test(plain.trim())) numbers.add(Function(`return (${plain})`)());
  }
  return numbers;
}

it("what stands in the code stands there as SECURITY.md says", () => {
  const table = read("SECURITY.md").split("These stand in the code:")[1];
  const rows = [...table.matchAll(/^\| ([^|`]+) \| ([^|]+) \| `([\w./]+)` \|$/gm)];
  assert.ok(rows.length >= 15);
  for (const [, what, much, file] of rows) {
    const known = numbersOf(file);
    assert.ok(quantities(much).length > 0, what);
    for (const number of quantities(much)) assert.ok(known.has(number), `${what}: ${number} does not stand in ${file}`);
  }
});
