import { counted } from "./plural";

const places = (count: number) => counted("en", count, { one: "place of critical infrastructure", other: "places of critical infrastructure" });

// Places of critical infrastructure, and who sees what they are.
export const sites = {
  title: "Critical infrastructure",
  none: "No place of critical infrastructure is recorded here.",
  count: places,
  who: (what: string) => `Who sees what they are and where: ${what}.`,
  seers: {
    town: (count: number, town: string) => `officers and mayors of ${town} alone (${count})`,
    partners: (count: number, ua: string, eu: string) => `officers and mayors of ${ua} and of ${eu} (${count})`,
  },
  onlyThem: "Nobody else: no programme, no auditor, no funder.",
  seenByTown: (own: string) => `Only officers and mayors of ${own} see this. It is stored sealed, and never on a device.`,
  seenByBoth: (own: string, other: string) => `Officers and mayors of ${own} and of ${other} see this, nobody else. It is stored sealed, and never on a device.`,
  tagTown: (own: string) => `seen in ${own} only`, tagBoth: "seen by both towns",
  needsNetwork: "What these places are and where is never kept on this device, so that a lost or seized phone gives nothing away. It is shown again when there is a connection.",
  coming: "Fetching what you may see…",
  more: "Who sees it, removing", undescribed: "Not described yet", describe: "Describe it",
  add: "Add a place", addTitle: "A place of critical infrastructure", editTitle: "What this place is",
  whoSees: "Who may see it?", forTown: (own: string) => `Only ${own}`, forBoth: (other: string) => `${other} too`, next: "Go on",
  whoSeesHelp: "Choose first. You can change it later; what somebody has seen, nobody takes back.",
  name: "What is it called?", kind: "What is it?", address: "Address", place: "Coordinates", placeHint: "As maps write them: 50.21234, 29.89876",
  serves: "How many people does it serve?", servesShort: (people: string) => `serves ${people} people`, note: "What else matters?", assets: "Equipment",
  assetsHint: "One a line; “3 × Pump” for several.",
  assetsThat: { working: "Equipment that works", worn: "Worn equipment", damaged: "Damaged equipment", destroyed: "Destroyed equipment" },
  badPlace: "Write two numbers, such as 50.21234, 29.89876.",
  tooManyAssets: (max: number) => `At most ${max} lines of equipment altogether.`, assetTwice: (what: string) => `“${what}” stands there twice. Count it once.`,
  share: "Show it to the partner", shareTitle: (name: string) => `Show “${name}” to the partner?`,
  shareHelp: (own: string, other: string) => `Officers and mayors of ${other} will see it as ${own} does. You can withdraw it later; what they have read by then they know.`,
  withdraw: "Keep it to your town", withdrawTitle: (name: string) => `Keep “${name}” to your town?`,
  withdrawHelp: (own: string, other: string) => `${other} no longer sees it, and nothing that ${own} writes from now on. What they have read they know.`,
  removeTitle: (name: string) => `Remove “${name}” from the proposal?`, removeHelp: "It leaves the list. What was written stays sealed in the history, for those who see it now.",
  erase: "Erase for ever", eraseTitle: (name: string) => `Erase “${name}” for ever?`,
  eraseHelp: "The keys to all that was ever written of it are destroyed. Nobody can read it again, in no copy. That there was a place stays in the history.",
  kinds: {
    waterworks: "Waterworks", pumping_station: "Pumping station", wastewater_plant: "Wastewater plant", heat_source: "Boiler house", substation: "Substation",
    hospital: "Hospital", shelter: "Shelter", bridge: "Bridge", other: "Other",
  },
  conditions: { working: "works", worn: "worn", damaged: "damaged", destroyed: "destroyed" },
};
