import { isCount, isObject, isText, type JsonObject } from "./json";

// RFC 9457, as the server tells it. `code` is stable; people read `detail` or a sentence of their own language.
export interface Problem {
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly status: number;
  readonly field?: string;
  readonly params: JsonObject;
}

export function problemFrom(value: unknown): Problem | undefined {
  if (!isObject(value) || !isText(value["code"])) return undefined;
  const { code, title, detail, status, field, params } = value;
  return {
    code,
    title: isText(title) ? title : code,
    detail: isText(detail) ? detail : "",
    status: isCount(status) ? status : 0,
    ...(isText(field) ? { field } : {}),
    params: isObject(params) ? params : {},
  };
}

// A refusal made here, before anything was sent.
export function localProblem(code: string, detail: string): Problem {
  return { code, title: code, detail, status: 0, params: {} };
}

// The person may not read it, or not any more: what is held of it is given up, here and on the device.
export function endsReading(problem: Problem): boolean {
  return problem.code === "may_not_read" || problem.code === "not_signed_in";
}

// These pass: the same command may be sent again.
export function passes(problem: Problem): boolean {
  return problem.code === "overloaded" || problem.code === "unavailable" || problem.code === "too_fast";
}
