// Amounts are integers in the currency's minor units.

export class Numbers {
  readonly #locale: string;

  constructor(locale: string) {
    this.#locale = locale;
  }

  whole(value: number): string {
    return new Intl.NumberFormat(this.#locale).format(value);
  }

  money(amount: number, currency: string): string {
    const digits = minorDigits(currency);
    const value = amount / 10 ** digits;
    const round = Number.isInteger(value) ? { minimumFractionDigits: 0, maximumFractionDigits: 0 } : {};
    return new Intl.NumberFormat(this.#locale, { style: "currency", currency, ...round }).format(value);
  }

  // What stands in an input for an amount that is being edited.
  typed(amount: number, currency: string): string {
    const digits = minorDigits(currency);
    const value = amount / 10 ** digits;
    return new Intl.NumberFormat(this.#locale, { useGrouping: false, minimumFractionDigits: Number.isInteger(value) ? 0 : digits }).format(value);
  }
}

export function minorDigits(currency: string): number {
  return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

// Reads "12,500.50", "12 500,50", "12.500,50" or "12500": the last separator that is followed by at most
// as many digits as the currency has marks the fraction, unless it is plainly a group of three.
export function amountFrom(text: string, currency: string): number | undefined {
  const digits = minorDigits(currency);
  const compact = text.replace(/[\s\u00a0\u202f'’]/g, "");
  const parts = /^(\d+(?:[.,]\d{3})*|\d+)(?:[.,](\d{1,2}))?$/.exec(compact);
  if (!parts?.[1]) return undefined;
  const fraction = parts[2] ?? "";
  if (fraction.length > digits) return undefined;
  const amount = Number(parts[1].replace(/[.,]/g, "")) * 10 ** digits + Number(fraction.padEnd(digits, "0") || 0);
  return Number.isSafeInteger(amount) && amount <= 10 ** 13 ? amount : undefined;
}

export const currencies = ["EUR", "UAH", "PLN", "CZK", "SEK", "HUF", "USD"] as const;
