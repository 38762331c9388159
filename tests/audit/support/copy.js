// A copy of a data folder, as a careless restore would make one.
import { cp } from "node:fs/promises";

export const copyFolder = (from, to) => cp(from, to, { recursive: true, filter: (path) => !path.endsWith(".sock") });
