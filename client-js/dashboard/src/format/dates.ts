import type { Language } from "../words/plural";

// A partial date is `2023`, `2023-06` or `2023-06-19`: a day outside, without a clock.
export type PartialDate = string;

const shape = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/;

export function isPartialDate(text: string): boolean {
  const parts = shape.exec(text);
  if (!parts) return false;
  const [year, month, day] = [Number(parts[1]), Number(parts[2] ?? 1), Number(parts[3] ?? 1)];
  const date = new Date(Date.UTC(year, month - 1, day));
  return year >= 1900 && year <= 2199 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

// The last day that the date may mean, as YYYY-MM-DD: what is over only when it has passed.
export function lastDayOf(date: PartialDate): string {
  if (date.length === 10) return date;
  const [year, month] = date.split("-").map(Number) as [number, number | undefined];
  return new Date(Date.UTC(year, month ?? 12, 0)).toISOString().slice(0, 10);
}

export function firstDayOf(date: PartialDate): string {
  return date.length === 4 ? `${date}-01-01` : date.length === 7 ? `${date}-01` : date;
}

// Today where the reader is.
export function today(now = new Date()): string {
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 10);
}

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

// The reader's own variant of the language, where the browser names one.
export function localeOf(language: Language, preferred: readonly string[] = navigator.languages): string {
  return preferred.find((tag) => tag.toLowerCase().startsWith(`${language}-`)) ?? (language === "uk" ? "uk-UA" : "en-GB");
}

export class Dates {
  readonly #locale: string;

  constructor(locale: string) {
    this.#locale = locale;
  }

  partial(date: PartialDate): string {
    if (!isPartialDate(date)) return date;
    return this.#format(partsOf(date)).format(new Date(`${firstDayOf(date)}T00:00:00Z`));
  }

  // "3–5 June 2026", in the reader's own way.
  range(from: PartialDate, to: PartialDate | undefined): string {
    if (!to || to === from || !isPartialDate(from) || !isPartialDate(to)) return this.partial(from);
    if (from.length !== to.length) return `${this.partial(from)} – ${this.partial(to)}`;
    const [a, b] = [from, to].map((date) => new Date(`${firstDayOf(date)}T00:00:00Z`)) as [Date, Date];
    return b < a ? `${this.partial(from)} – ${this.partial(to)}` : this.#format(partsOf(from)).formatRange(a, b);
  }

  weekday(date: string): string {
    return new Intl.DateTimeFormat(this.#locale, { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" })
      .format(new Date(`${date}T00:00:00Z`));
  }

  shortDay(date: string): { day: string; month: string; weekday: string } {
    const value = new Date(`${date}T00:00:00Z`);
    const part = (options: Intl.DateTimeFormatOptions) =>
      new Intl.DateTimeFormat(this.#locale, { ...options, timeZone: "UTC" }).format(value);
    return { day: part({ day: "numeric" }), month: part({ month: "short" }), weekday: part({ weekday: "short" }) };
  }

  time(instant: string | number): string {
    return new Intl.DateTimeFormat(this.#locale, { hour: "2-digit", minute: "2-digit" }).format(new Date(instant));
  }

  // An instant: the time alone today, the day too otherwise.
  instant(instant: string | number, now = Date.now()): string {
    const date = new Date(instant);
    const same = date.toDateString() === new Date(now).toDateString();
    if (same) return this.time(instant);
    const year = date.getFullYear() === new Date(now).getFullYear() ? {} : { year: "numeric" as const };
    return new Intl.DateTimeFormat(this.#locale, { day: "numeric", month: "short", ...year, hour: "2-digit", minute: "2-digit" }).format(date);
  }

  #format(parts: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
    return new Intl.DateTimeFormat(this.#locale, { ...parts, timeZone: "UTC" });
  }
}

function partsOf(date: PartialDate): Intl.DateTimeFormatOptions {
  if (date.length === 4) return { year: "numeric" };
  return date.length === 7 ? { year: "numeric", month: "long" } : { year: "numeric", month: "long", day: "numeric" };
}
