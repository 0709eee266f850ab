// How the desk words numbers, dates and addresses: as the command and the report do.

import { element, stranger } from "./dom.js";

const NUMBER = new Intl.NumberFormat("en");
const MOMENT = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::\d\d(?:[.,]\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?)?$/;
const HOURS_A_DAY = 24;
const KIB = 1024;
const MIB = 1024 * 1024;

// Marks that turn the direction of text: in an attribute or a drawing nothing isolates them.
const DIRECTIONS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

export function count(value) {
  return NUMBER.format(value);
}

/** "1 copy", "1,200 uses" */
export function counted(value, one, many = `${one}s`) {
  return `${count(value)} ${value === 1 ? one : many}`;
}

export function hours(value) {
  if (value === null || value === undefined) return "";
  if (value < 0) return `−${hours(-value)}`;
  return value > 0 && value < 10 ? `${value.toFixed(1)} h` : `${count(Math.round(value))} h`;
}

export function days(value) {
  return value === null || value === undefined || value < 2 * HOURS_A_DAY ? "" : `${count(Math.round(value / HOURS_A_DAY))} days`;
}

export function fileSize(length) {
  if (length < KIB) return `${length} B`;
  if (length < MIB) return `${count(Math.round(length / KIB))} KiB`;
  return `${(length / MIB).toFixed(1)} MiB`;
}

export function percent(share) {
  return `${Math.round(100 * share)} %`;
}

/** One line for an attribute, a title or a drawing. */
export function plain(text, most = 0) {
  const line = text.replace(DIRECTIONS, "").replace(/\s+/g, " ").trim();
  return most && line.length > most ? `${line.slice(0, most - 1).trimEnd()}…` : line;
}

/** Day and time of an ISO text, to the minute, in the zone it came in: "2025-08-04 06:42 UTC". */
export function moment(text) {
  const found = MOMENT.exec(text.trim());
  if (!found) return text;
  const zone = found[3] === "Z" || found[3] === "+00:00" ? "UTC" : (found[3] ?? "");
  return [found[1], found[2], found[2] && zone].filter(Boolean).join(" ");
}

/** The same as an element; null where there is no date. */
export function when(text) {
  if (!text) return null;
  if (!MOMENT.test(text.trim())) return stranger(text);
  const [day, ...clock] = moment(text).split(" ");
  return element("time", { datetime: text.trim() }, element("span.day", null, day), clock.length ? " " : null,
    clock.length ? element("span.clock", null, clock.join(" ")) : null);
}

/** What a verdict rests on: "75 pictures, 79 pages, 6 sites, since 2026-11-23; 2 of its 75 pictures could not be read". */
export function covers(coverage) {
  const covered = [
    counted(coverage.pictures, "picture"),
    counted(coverage.pages, "page"),
    counted(coverage.sites, "site"),
    coverage.since ? `since ${coverage.since.slice(0, 10)}` : "",
  ].filter(Boolean).join(", ");
  return [covered, gaps(coverage)].filter(Boolean).join("; ");
}

/** Which pictures of the catalog a verdict does not speak of: "2 of its 75 pictures could not be read", or "". */
export function gaps({ pictures, unreadable, unstudied, uncompared }) {
  return [[unreadable, "could not be read"], [unstudied, "not studied yet"], [uncompared, "not compared with all others yet"]]
    .filter(([number]) => number)
    .map(([number, why], place) => `${count(number)} ${place ? "" : `of its ${counted(pictures, "picture")} `}${why}`)
    .join(", ");
}

/** What is told of a file of which this share decoded: "only 93 % of this file decoded", "" where it is whole. */
export function cut(decoded) {
  return decoded < 1 ? `only ${Math.floor(100 * decoded)} % of this file decoded` : "";
}

/** The address if a browser may be sent there, http and https alone, else "". */
export function webAddress(text) {
  try {
    const address = new URL(text);
    return ["http:", "https:"].includes(address.protocol) ? address.href : "";
  } catch {
    return "";
  }
}

/** An address for people to read: without its scheme, cut where it is long. */
export function readable(text, most = 80) {
  return plain(text.replace(/^https?:\/\/(www\.)?/, "").replace(/\/$/, ""), most);
}

/** A text in which what was searched for is marked, whatever its case and accents. */
export function highlighted(text, words) {
  const { plainText, places } = folded(text);
  const isMarked = new Array(text.length).fill(false);
  for (const word of folded(words).plainText.split(/\s+/).filter(Boolean)) {
    for (let at = plainText.indexOf(word); at >= 0; at = plainText.indexOf(word, at + word.length)) {
      isMarked.fill(true, places[at], places[at + word.length] ?? text.length);
    }
  }
  const runs = [];
  for (let start = 0, end = 0; start < text.length; start = end) {
    while (end < text.length && isMarked[end] === isMarked[start]) end += 1;
    const run = text.slice(start, end);
    runs.push(isMarked[start] ? element("mark", null, run) : run);
  }
  return element("bdi", null, ...runs);
}

/** Which of the words a text does not have, whatever its case and accents. @returns {string[]} */
export function wordsNotIn(text, words) {
  const { plainText } = folded(text);
  return folded(words).plainText.split(/\s+/).filter((word) => word && !plainText.includes(word));
}

/** The text as it is searched, and for each of its characters where that came from. */
function folded(text) {
  const places = [];
  let plainText = "";
  let at = 0;
  for (const character of text) {
    const plainCharacter = character.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
    for (let each = 0; each < plainCharacter.length; each += 1) places.push(at);
    plainText += plainCharacter;
    at += character.length;
  }
  return { plainText, places };
}
