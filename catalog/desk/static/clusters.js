// The duplicates report, live: photographs with several copies or several uses.

import { get } from "./api.js";
import { incompleteness, incompleteNotice } from "./coverage.js";
import { element, stranger } from "./dom.js";
import { choices, emptyList, field, Listing } from "./filters.js";
import { flags, sizeOf, small } from "./parts.js";
import { title } from "./router.js";
import { count, counted, days, hours, plain, when } from "./words.js";

const PAGE = 50;
const STANDARD = "uses";
const EXTRA = ["sort", "order"];
const HEADLINE_CHARACTERS = 120;

const COLUMNS = [
  { title: "Picture", show: picture, className: "thumb-cell" },
  { title: "Best copy", show: headline, isHeader: true },
  { title: "Copies", key: "copies", show: (row) => count(row.copies), isNumber: true },
  { title: "Uses", key: "uses", show: (row) => count(row.uses), isNumber: true },
  { title: "Sites", key: "sites", show: (row) => count(row.sites), isNumber: true },
  { title: "Earliest observed", key: "earliest", show: earliest },
  { title: "Spread", key: "hours", show: (row) => element("span", null, hours(row.hours), " ", days(row.hours) ? element("span.note", null, days(row.hours)) : null), isNumber: true },
  { title: "Conflicts", key: "conflicts", show: (row) => element("span.flags", null, ...flags(row.conflicts)) },
];

export async function view({ root, address, signal }) {
  title("Clusters");
  const sites = element("datalist", { id: "sites" });
  const form = element("form.filters", { role: "search", "aria-label": "Filter the photographs" },
    field("Find", element("input", { type: "search", name: "words", autocomplete: "off", spellcheck: "false", placeholder: "words in captions, credits, titles" }), "label.wide"),
    field("Site", element("input", { type: "text", name: "site", autocomplete: "off", size: 16, list: sites.id })),
    field("Conflict", choices("conflict", [["", "with or without"], ["caption", "caption"], ["credit", "credit"], ["credit missing", "credit missing"]])),
    field("Relation", choices("relation", [["", "any"], ["identical", "identical"], ["copy", "copy"], ["crop", "crop"], ["contained", "contained"]])),
    field("Since", element("input", { type: "date", name: "since" })),
    element("label.check", null, element("input", { type: "checkbox", name: "across_sites", value: "1" }), element("span", null, "across sites")),
    element("button.quiet", { type: "reset" }, "Clear"), sites);
  const status = element("p.count", { role: "status" });
  const place = element("div.results");
  root.append(element("h1", null, "Clusters"), element("p.lede", null, "Photographs that have several copies or were used several times: every copy, every use, and where their captions and credits disagree."), form, status, place);
  const listing = new Listing({ form, place, status, signal, path: "/clusters", pageSize: PAGE, extra: EXTRA, load });

  async function load(query, asking) {
    const found = await get("clusters", query, asking);
    const shown = found.total > PAGE ? `, ${count(found.offset + 1)} to ${count(found.offset + found.clusters.length)} shown` : "";
    return (!found.total && (await emptyList(asking))) || {
      total: found.total,
      told: `${found.total ? `${counted(found.total, "photograph")}${shown}` : nothing(listing)}`,
      draw: () => (found.total ? [table(found.clusters, listing)] : []),
    };
  }

  get("catalog", {}, signal).then((told) => sites.append(...told.sites.map(({ site }) => element("option", { value: site })))).catch(() => null);
  const told = await incompleteness(signal);
  status.before(incompleteNotice({ told, signal, mend: () => listing.show() }));
  await listing.follow(address);
  return { follow: (next) => listing.follow(next) };
}

/** Why there is nothing to see: it was asked for too much, or there is none. */
function nothing(listing) {
  const isFiltered = Object.keys(listing.query()).some((name) => !EXTRA.includes(name));
  return isFiltered ? "No photograph is like that" : "No photograph has several copies or several uses";
}

function table(rows, listing) {
  return element("table.rows.clusters", { role: "table" },
    element("caption.hidden", null, "Photographs with several copies or several uses. The headers sort."),
    element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, ...COLUMNS.map((column) => header(column, listing)))),
    element("tbody", { role: "rowgroup", "data-results": true }, ...rows.map(line)));
}

function header(column, listing) {
  const isSorted = column.key === (listing.kept.sort || STANDARD);
  const cell = element(column.isNumber ? "th.number" : "th", { scope: "col", role: "columnheader",
    "aria-sort": column.key && isSorted ? (listing.isDown() ? "descending" : "ascending") : null });
  if (column.className) cell.classList.add(column.className);
  if (!column.key) {
    cell.append(element("span", null, column.title));
    return cell;
  }
  cell.append(element("button.sort", { type: "button", "data-sort": column.key, click: async () => {
    await listing.sort(column.key, { isDownFirst: column.key !== "earliest", standard: STANDARD });
    // The table is a new one; whoever sorts goes on sorting.
    document.querySelector(`[data-sort="${column.key}"]`)?.focus();
  } }, column.title, element("span.arrow")));
  return cell;
}

function line(row) {
  return element("tr", { role: "row" }, ...COLUMNS.map((column) => {
    const cell = element(column.isHeader ? "th" : "td", { role: column.isHeader ? "rowheader" : "cell", scope: column.isHeader ? "row" : null, "data-label": column.title.toLowerCase() }, column.show(row));
    if (column.isNumber) cell.classList.add("number");
    if (column.className) cell.classList.add(column.className);
    return cell;
  }));
}

function picture(row) {
  return small({ ...row, sha256: row.best }, { side: 160 });
}

function headline(row) {
  return element("div.photograph-name", null,
    element("a", { href: `/clusters/${row.id}`, "data-result": true }, stranger(plain(row.text, HEADLINE_CHARACTERS) || row.id)),
    element("span.facts", null, element("span.id", null, row.id), ` ${sizeOf(row) || row.format}`));
}

function earliest(row) {
  return row.earliest ? element("span", null, when(row.earliest), " ", element("span.site", null, stranger(row.earliest_site))) : "";
}
