import type { Fetched, ListPage, Row } from "../../../src/index";

// Answers of the server, for tests.

export function page(rows: readonly Row[]): Fetched<ListPage> {
  return { ok: true, value: { size: 1, total: rows.length, rows, next: undefined } };
}

export function localFailure(code: string): Fetched<never> {
  return { ok: false, problem: { code, title: code, detail: "", status: 0, params: {} } };
}
