import { equals, isObject, type Json, type JsonObject } from "./json";

// RFC 7396: the value after `patch`. Parts the patch does not name are shared with `value`,
// so an unchanged part stays the same object.
export function applyPatch(value: JsonObject, patch: JsonObject): JsonObject {
  const next: Record<string, Json> = { ...value };
  for (const [key, change] of Object.entries(patch)) {
    if (change === null) delete next[key];
    else put(next, key, isObject(change) ? mergeInto(own(value, key), change) : change);
  }
  return next;
}

// The smallest patch that turns `before` into `after`. Neither holds a null.
export function patchBetween(before: JsonObject, after: JsonObject): JsonObject {
  const patch: Record<string, Json> = {};
  for (const key of Object.keys(before)) {
    if (!Object.hasOwn(after, key)) put(patch, key, null);
  }
  for (const [key, value] of Object.entries(after)) {
    const old = own(before, key);
    if (equals(old, value)) continue;
    put(patch, key, isObject(value) && isObject(old) ? patchBetween(old, value) : value);
  }
  return patch;
}

function mergeInto(value: Json | undefined, patch: JsonObject): JsonObject {
  return applyPatch(isObject(value) ? value : {}, patch);
}

function own(value: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

// A key from outside may be `__proto__`: it becomes an ordinary member here.
function put(target: Record<string, Json>, key: string, value: Json): void {
  Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
}
