// Search by what is said of pictures; the results lie on a contact sheet.

import { get } from "./api.js";
import { element, stranger } from "./dom.js";
import { choices, emptyList, field, Listing } from "./filters.js";
import { nameOf, timeOf } from "./groups.js";
import { photoAddress, small } from "./parts.js";
import { title } from "./router.js";
import { count, counted, highlighted, plain, when, wordsNotIn } from "./words.js";

const PAGE = 48;
const CAPTION_CHARACTERS = 180;
const ELSEWHERE_CHARACTERS = 120;

export async function view({ root, address, signal }) {
  title("Search");
  const sites = choices("site", [["", "any site"]]);
  const form = element("form.filters", { role: "search", "aria-label": "Search" },
    field("Words in captions, alt texts, credits, titles", element("input", { type: "search", name: "words", autocomplete: "off", spellcheck: "false" }), "label.wide"),
    field("Site", sites),
    field("Credit", element("input", { type: "text", name: "credit", autocomplete: "off", size: 10 })),
    field("Used as", choices("role", [["", "any"], ["featured", "featured"], ["content", "content"]])),
    field("Since", element("input", { type: "date", name: "since" })),
    field("Until", element("input", { type: "date", name: "until" })),
    element("button.quiet", { type: "reset" }, "Clear"));
  const status = element("p.count", { role: "status" });
  const place = element("div.results");
  root.append(element("h1", null, "Search"), form, status, place);
  const listing = new Listing({ form, place, status, signal, path: "/search", pageSize: PAGE, load });
  get("catalog", {}, signal).then((told) => fill(sites, told.sites)).catch(() => null);
  await listing.follow(address);
  return { follow: (next) => listing.follow(next) };
}

function fill(select, sites) {
  const known = new Set([...select.options].map((option) => option.value));
  select.append(...sites.filter((one) => !known.has(one.site)).map(({ site }) => element("option", { value: site }, plain(site, 60))));
}

async function load(query, signal) {
  const found = await get("search", query, signal);
  const shown = found.total > PAGE ? `, ${count(found.offset + 1)} to ${count(found.offset + found.results.length)} shown` : "";
  return (!found.total && (await emptyList(signal))) || {
    total: found.total,
    told: found.total ? `${counted(found.total, "picture")}${shown}` : "No picture is like that",
    draw: () => [sheet(found.results, query.words ?? "")],
  };
}

function sheet(results, words) {
  return element("ul.sheet", { role: "list", "data-results": true }, ...results.map((one) => element("li", null, cell(one, words))));
}

function cell(one, words) {
  const { asset, usages } = one;
  const name = nameOf(usages, asset);
  const latest = usages[0];
  const sites = new Set(usages.map((usage) => usage.site));
  const [unseen] = wordsNotIn(`${name}\n${latest?.credit ?? ""}`, words);
  return element("a.cell", { href: photoAddress(asset), "data-result": true },
    element("span.frame-of", null, small({ ...one, sha256: asset }, { alt: "" })),
    element("span.quote", null, highlighted(plain(name, CAPTION_CHARACTERS), words)),
    latest?.credit ? element("span.credit-line", null, highlighted(plain(latest.credit, 60), words)) : null,
    unseen ? saidElsewhere(usages, unseen) : null,
    latest
      ? element("span.note", null, stranger(plain(latest.site, 40)), sites.size > 1 ? ` and ${counted(sites.size - 1, "more site")}` : null, " · ", when(timeOf(latest).slice(0, 10)))
      : element("span.note", null, "said in the file itself"));
}

/** Where a word is said that neither the caption nor the credit above has, so that nobody wonders why this was found. */
function saidElsewhere(usages, word) {
  for (const name of ["title", "alt", "caption", "credit"]) {
    const usage = usages.find((one) => one[name] && !wordsNotIn(one[name], word).length);
    if (usage) return element("span.note", null, `${name === "alt" ? "alt text" : name}: `, highlighted(plain(usage[name], ELSEWHERE_CHARACTERS), word));
  }
  return null;
}
