// The desk: its views and their addresses, and what is there whichever is seen.

import { get } from "./api.js";
import { view as clusters } from "./clusters.js";
import { tellCoverage } from "./coverage.js";
import { view as harvest } from "./harvest.js";
import { listen as listenForPictures } from "./intake.js";
import { listen as listenForKeys } from "./keys.js";
import { view as lookUp } from "./lookup.js";
import { view as photo } from "./photo.js";
import { go, start } from "./router.js";
import { view as search } from "./search.js";

const ROUTES = [
  { pattern: /^\/$/, view: lookUp, here: "/" },
  { pattern: /^\/search$/, view: search, here: "/search" },
  { pattern: /^\/photo\/(?<sha256>[^/]+)$/, view: photo, here: "" },
  { pattern: /^\/clusters$/, view: clusters, here: "/clusters" },
  { pattern: /^\/clusters\/(?<cluster>[^/]+)$/, view: photo, here: "/clusters" },
  { pattern: /^\/harvest$/, view: harvest, here: "/harvest" },
];

document.querySelector(".find").addEventListener("submit", (event) => {
  event.preventDefault();
  const field = event.target.elements.words;
  go(`/search?${new URLSearchParams({ words: field.value.trim() })}`);
  field.value = "";
});

listenForKeys();
listenForPictures();
start(ROUTES, tellCoverage);
// Which copies are of one photograph is worked out once after the start: begin now, nobody waits for it.
get("clusters", { limit: 0 }).catch(() => null);
