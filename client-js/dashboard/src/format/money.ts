// Amounts are integers in the currency's minor units.

export class Numbers {
  readonly #locale: string;

  constructor(locale: string) {
    this.#locale = locale;
  }

  whole(value: number): string {
    return new Intl.NumberFormat(this.#locale).format(value);
  }

  decimal(value: number, digits: number): string {
    return new Intl.NumberFormat(this.#locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
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

// Reads "12,500.50", "12 500,50", "12.500,5" or "12500". A separator before exactly three digits groups;
// before one or two it marks the fraction, and then it is not the one that groups.
export function amountFrom(text: string, currency: string): number | undefined {
  const digits = minorDigits(currency);
  const compact = text.replace(/[\s\u00a0\u202f'’]/g, "");
  const parts = /^(\d{1,3}(?:([.,])\d{3})(?:\2\d{3})*|\d+)(?:([.,])(\d{1,2}))?$/.exec(compact);
  if (!parts) return undefined;
  const [, whole = "", group, mark, fraction = ""] = parts;
  if ((group !== undefined && group === mark) || fraction.length > digits) return undefined;
  const amount = Number(whole.replace(/[.,]/g, "")) * 10 ** digits + Number(fraction.padEnd(digits, "0") || 0);
  return Number.isSafeInteger(amount) && amount <= 10 ** 13 ? amount : undefined;
}

export const currencies = ["EUR", "UAH", "PLN", "CZK", "SEK", "HUF", "USD"] as const;
