import { counted } from "./plural";

// What was recorded: the names of the fields of every type of event, and their values in words. A field that is called
// something else in one type stands there with that type's name before it; what `fields` names already is not repeated.
export const events = {
  labels: {
    "municipality.name": "Name in Latin script", name_local: "Name as the register writes it", country: "Country", scheme: "Register", "municipality.code": "Code in the register",
    region: "Region", district: "District", centre: "Centre", lat_e5: "Latitude", lon_e5: "Longitude", area_ha: "Area", population: "Inhabitants", population_year: "Counted in", settlements: "Settlements",
    "person.from": "From", "person.invitation": "Number of the invitation", "person.token": "Number of the token", "person.handed_over.to": "Handed over to", provider: "Sign-in provider",
    fact_reason: "Reason of the corrected record", "proposal.submitted.on": "Submitted on", "proposal.answered.on": "Answered on", "proposal.answered.amount": "Granted amount",
    "proposal.funding_source_set.source": "Source of money", "proposal.funding_source_removed.source": "Source of money", texts: "Texts, each as of its revision",
    "proposal.indicator_set.name": "What is measured", "proposal.indicator_set.source": "Where the figure is from", "partnership.ended.on": "Ended on", "partnership.accepted.on": "Accepted on",
    "text.commented.from": "From character", "text.commented.to": "To character", "text.commented.kind": "Kind", "text.version_named.version": "Number of the version", "text.version_named.revision": "Revision of the text",
    "text.restored.revision": "Revision that was brought back", "text.suggested.change": "Suggested change", "site.described.name": "Name", address: "Address", serves: "People it serves", assets: "Equipment",
  } as Record<string, string>,
  yes: "yes", no: "no",
  languages: { uk: "Ukrainian", en: "English" }, schemes: { katottg: "KATOTTG, the codifier of Ukraine", gisco: "GISCO, the municipalities of the EU", none: "None: its code is not known" },
  confidence: { stated: "Stated by the source", inferred: "Inferred, not stated" }, scopes: { read: "Read", write: "Make changes", events: "Take events" },
  audiences: { town: "Officers and mayors of that town", partners: "Officers and mayors of both towns" },
  townKinds: { urban: "Urban", settlement: "Of a settlement", rural: "Rural" }, // other registers have words of their own
  threadKinds: { comment: "Comment", advice: "Advice" }, adviceAnswers: { accepted: "Accepted", declined: "Declined" },
  latitude: (degrees: string, north: boolean) => `${degrees}° ${north ? "N" : "S"}`, longitude: (degrees: string, east: boolean) => `${degrees}° ${east ? "E" : "W"}`,
  area: (hectares: string) => `${hectares} ha`, version: (version: string) => `version ${version}`, revision: (revision: string) => `revision ${revision}`,
  none: "Nothing was recorded beside that it happened.", sealed: "What was said of the place is sealed for those whom it concerns.", gone: "What was recorded here was erased for ever.",
  unknown: "This program does not know this field yet.",
  change: {
    none: "No letter was changed.", here: "The lines that changed", written: "Written", removed: (units: number) => `Removed: ${counted("en", units, { one: "character", other: "characters" })}`, noPast: "The text as it was before cannot be shown, so this is the change alone.",
    formats: "Formats", set: (format: string, quote: string) => `${format}: “${quote}”`, unset: (format: string, quote: string) => `${format} taken away: “${quote}”`,
    names: { bold: "Bold", italic: "Italic", underline: "Underline", link: "Link", header: (level: string) => `Heading ${level}`, heading: "Heading", ordered: "Numbered list", bullet: "Bulleted list", list: "List", blockquote: "Quote" },
    leads: (where: string) => `Link to ${where}`, fetching: "Fetching the text as it was…", repaired: "A line end was added, so that the text ends with one.",
  },
  raw: { title: "As it is stored", copy: "Copy", copied: "Copied", failed: "This browser does not allow copying. Mark the text and copy it by hand." },
};
