// What is said of a photograph, and where it disagrees: captions as word diffs, credits, the credit that is missing.

import { element, stranger } from "./dom.js";
import { firstOf, outward, said } from "./parts.js";
import { count, readable } from "./words.js";

const FIRST_PLACES = 6;
const LONG_CHARACTERS = 1500;
const CHANGES = { added: "ins", removed: "del" };

/** The section, null where nothing is said. */
export function statements(conflicts, uses) {
  if (!conflicts) return null;
  const missing = new Set(conflicts.credit_missing);
  const stripped = uses.filter((use) => missing.has(use.usage));
  const recovered = conflicts.recovered_credit;
  const titles = new Map(uses.map((use) => [use.usage, use.title]));
  const parts = [
    ...wordings("Caption", "Captions disagree", conflicts.captions, titles),
    ...wordings("Credit", "Credits disagree", conflicts.credits, titles),
    stripped.length ? element("h3", null, "Credit missing") : null,
    stripped.length ? places(stripped, titles) : null,
    recovered ? element("h3", null, "Recovered credit") : null,
    recovered ? element("p", null, said(recovered.text)) : null,
    recovered ? element("p.places", null, place(recovered, titles)) : null,
  ].filter(Boolean);
  return parts.length ? element("section", { "aria-labelledby": "said-title" }, element("h2", { id: "said-title" }, "What is said of it"), ...parts) : null;
}

function wordings(one, many, found, titles) {
  if (!found.length) return [];
  return [
    element("h3", null, found.length > 1 ? many : one),
    element("ol.wordings", { role: "list" }, ...found.map((wording) =>
      element("li", null, wording.diff.length ? diff(wording) : element("p", null, said(wording.text)), places(wording.statements, titles)))),
  ];
}

function diff({ text, diff: words }) {
  const told = element("p.quote.diff", null, element("bdi", null, ...words.flatMap((word) => [
    CHANGES[word.change] ? element(CHANGES[word.change], null, word.text) : word.text, " "])));
  if (text.length <= LONG_CHARACTERS) return told;
  return element("details.quote.long", null, element("summary", null, stranger(`${text.slice(0, 200)}…`), " ",
    element("span.more", null, `${count(text.length)} characters, with what changed`)), told);
}

function places(statements, titles) {
  const list = element("ul.places", { role: "list" });
  const more = firstOf(statements.map((one) => () => element("li", null, place(one, titles))), FIRST_PLACES, "places", list);
  return element("div.places", null, list, more);
}

/** Where something is said: on a page, or in the file itself. */
function place(one, titles) {
  if (!one.page) return element("span", null, "in the file ", element("span.id", null, (one.asset ?? "").slice(0, 12)), " ", fieldOf(one));
  return element("span", null, stranger(one.site), " ", outward(one.page, one.title || titles.get(one.usage) || readable(one.page, 50)), " ", fieldOf(one));
}

function fieldOf(one) {
  return one.field ? element("span.field", null, stranger(one.field)) : null;
}
