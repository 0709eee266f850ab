// What the catalog covers, below every view.

import { get } from "./api.js";
import { covers } from "./words.js";

/** Tell it as it is now; a desk that does not answer leaves what was told before. */
export async function tellCoverage() {
  const told = await get("catalog").catch(() => null);
  if (told) document.querySelector("#covers").textContent = `This catalog: ${covers(told.coverage)}.`;
}
