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
