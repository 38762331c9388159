export type Language = "en" | "uk";

export interface Forms {
  readonly one: string;
  readonly few?: string;
  readonly many?: string;
  readonly other: string;
}

const rules = { en: new Intl.PluralRules("en"), uk: new Intl.PluralRules("uk") };

// "1 visit", "2 visits"; «1 візит», «2 візити», «5 візитів».
export function counted(language: Language, n: number, forms: Forms): string {
  return `${new Intl.NumberFormat(language === "uk" ? "uk-UA" : "en-GB").format(n)} ${wordFor(language, n, forms)}`;
}

export function wordFor(language: Language, n: number, forms: Forms): string {
  switch (rules[language].select(n)) {
    case "one": return forms.one;
    case "few": return forms.few ?? forms.other;
    case "many": return forms.many ?? forms.other;
    default: return forms.other;
  }
}
