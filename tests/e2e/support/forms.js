// How people fill in the dashboard's forms. `form` is a page or a dialog.

export async function writeDate(form, label, date) {
  const [year, month, day] = date.split("-");
  const group = form.getByRole("group", { name: label });
  for (const [name, value] of [["Day", day], ["Month", month], ["Year", year]]) {
    await group.getByRole("textbox", { name, exact: true }).fill(value ?? "");
  }
}

export const write = (form, label, text) => form.getByRole("textbox", { name: label, exact: typeof label === "string" }).fill(text);

// One of a few, or of many.
export const choose = (form, label) => form.getByRole("radio", { name: label, exact: true }).check();
export const pick = (form, label, option) => form.getByLabel(label).selectOption({ label: option });
export const tick = (form, label) => form.getByRole("checkbox", { name: label, exact: true }).check();

// `days` from today, as a full date.
export function dayFromNow(days) {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}
