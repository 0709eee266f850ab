// The desk: its views and their addresses, and what is there whichever is seen.

import { get } from "./api.js";
import { view as clusters } from "./clusters.js";
import { view as harvest } from "./harvest.js";
import { listen as listenForPictures } from "./intake.js";
import { listen as listenForKeys } from "./keys.js";
import { view as lookUp } from "./lookup.js";
import { view as photo } from "./photo.js";
import { go, start } from "./router.js";
import { view as search } from "./search.js";
import { covers } from "./words.js";

const ROUTES = [
  { pattern: /^\/$/, view: lookUp, here: "/" },
  { pattern: /^\/search$/, view: search, here: "/search" },
  { pattern: /^\/photo\/(?<sha256>[^/]+)$/, view: photo, here: "" },
  { pattern: /^\/clusters$/, view: clusters, here: "/clusters" },
  { pattern: /^\/clusters\/(?<cluster>[^/]+)$/, view: photo, here: "/clusters" },
  { pattern: /^\/harvest$/, view: harvest, here: "/harvest" },
];

/** What the catalog covers, below every view. */
async function tellCoverage() {
  const { coverage } = await get("catalog");
  document.querySelector("#covers").textContent = `This catalog: ${covers(coverage)}.`;
}

document.querySelector(".find").addEventListener("submit", (event) => {
  event.preventDefault();
  const field = event.target.elements.words;
  go(`/search?${new URLSearchParams({ words: field.value.trim() })}`);
  field.value = "";
});

listenForKeys();
listenForPictures();
start(ROUTES);
tellCoverage().catch(() => null);
// Which copies are of one photograph is worked out once after the start: begin now, nobody waits for it.
get("clusters", { limit: 0 }).catch(() => null);
