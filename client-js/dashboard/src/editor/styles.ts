// Pasted pages bring styles, which our own content security policy would refuse and report. They are laid aside
// before the page is read, and what a text has of them is taken from there.

export function withoutStyles(html: string): string {
  return html
    .replace(/<style[\s\S]*?<\/style\s*>/gi, "")
    .replace(/<[a-z](?:[^>"']|"[^"]*"|'[^']*')*>/gi, (tag) => tag.replace(/\sstyle\s*=/gi, " data-style="));
}

export function looksOf(style: string): Readonly<Record<string, true>> {
  return {
    ...(/font-weight\s*:\s*(bold|bolder|[6-9]00)/i.test(style) ? { bold: true } : {}),
    ...(/font-style\s*:\s*(italic|oblique)/i.test(style) ? { italic: true } : {}),
    ...(/text-decoration[^:;]*:[^;]*underline/i.test(style) ? { underline: true } : {}),
  };
}

// A sign such as "·", "o" or "§" stands for no number.
export function isBullet(sign: string): boolean {
  return !/^\s*\(?[\p{L}\p{N}]{1,8}[.)]/u.test(sign);
}
