// Every use of a photograph: where, when, with which words, of which copy.

import { element, stranger } from "./dom.js";
import { firstOf, outward, said } from "./parts.js";
import { hours, readable, when } from "./words.js";

const FIRST_SHOWN = 40;

const COLUMNS = [
  ["No.", (use, place) => String(place.number), "number"],
  ["Where", where, "where-cell"],
  ["What it says", words, "says-cell"],
  ["Published", (use) => when(use.published) ?? "–"],
  ["Uploaded", (use) => when(use.uploaded) ?? "–"],
  ["Seen", seen],
  ["After", after, "number"],
  ["Copy", (use, place) => place.chip?.(use.asset) ?? ""],
];

/**
 * The table of uses, in the order given.
 *
 * @param {import("./api.js").Usage[]} uses
 * @param {{chip?: (sha256: string) => Node | string, isTold?: boolean}} [options] how a copy is named; `isTold` where
 *   the uses say when they were uploaded and how long after the earliest
 */
export function usesTable(uses, { chip, isTold = false } = {}) {
  const columns = COLUMNS.filter(([title]) => (isTold || !["Uploaded", "After"].includes(title)) && (chip || title !== "Copy"));
  const body = element("tbody", { role: "rowgroup" });
  const table = element("table.uses", { role: "table" },
    element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, ...columns.map(([title, , name]) =>
      element(name === "number" ? "th.number" : "th", { scope: "col", role: "columnheader" }, title)))), body);
  const rows = uses.map((use, place) => () => row(use, { number: place + 1, chip }, columns));
  const more = firstOf(rows, FIRST_SHOWN, "uses", body);
  return element("div", null, table, more);
}

function row(use, place, columns) {
  return element(use.withdrawn ? "tr.withdrawn" : "tr", { role: "row" }, ...columns.map(([title, show, name], column) =>
    element(`${column ? "td" : "th"}${name ? `.${name}` : ""}`,
      { role: column ? "cell" : "rowheader", scope: column ? null : "row", "data-label": column && !name?.endsWith("-cell") ? title.toLowerCase() : null }, show(use, place))));
}

function where(use) {
  return element("div", null,
    element("span.site", null, stranger(use.site || "no site")),
    element("span.page", null, outward(use.page, use.title || readable(use.page))),
    use.role ? element("span.note", null, use.role) : null,
    use.substitute ? element("span.flag", null, stranger(use.substitute)) : null,
    use.reuse === false && !use.substitute
      ? element("span.note", null, "another size of the upload on this page") : null,
    use.withdrawn ? element("span.flag", null, "withdrawn ", when(use.withdrawn)) : null,
    use.page_state ? element("span.flag", null, stranger(use.page_state)) : null);
}

function words(use) {
  return element("div", null,
    use.caption ? said(use.caption) : element("span.none", null, "no caption"), " ",
    use.caption_field ? element("span.field", null, stranger(use.caption_field)) : null,
    use.alt ? element("span.line", null, element("span.note", null, "alt "), said(use.alt, "alt")) : null,
    element("span.line", null, element("span.note", null, "credit "),
      use.credit ? said(use.credit, "credit") : element("span.none", null, "none"), " ",
      use.credit_field ? element("span.field", null, stranger(use.credit_field)) : null));
}

function seen(use) {
  const isAgain = use.last_seen && use.last_seen !== use.first_seen;
  return element("span", null, when(use.first_seen) ?? "–", isAgain ? " " : null,
    isAgain ? element("span.until", null, "to ", when(use.last_seen)) : null);
}

function after(use) {
  if (use.hours_after_earliest === 0) return element("span.flag.calm", null, "earliest");
  return hours(use.hours_after_earliest) || "–";
}
