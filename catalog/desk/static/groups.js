// What a look-up found, as it is drawn: photographs with their copies, and pictures that are not known to be the same.

import { counted } from "./words.js";

/**
 * A photograph or another picture that was found: `main` is the best copy where the query itself shows it, else the
 * first that it shows. `matches` are all copies, those that the query itself shows first.
 * @typedef {{id: string, main: import("./api.js").Match, matches: import("./api.js").Match[], summary: string,
 *   uses: import("./api.js").Usage[], isSame: boolean, isBest: boolean}} Photograph
 */

/** The photographs of an answer, each by itself. @returns {Photograph[]} */
export function photographs(answer) {
  return answer.photos.map((photo) => photograph(photo, answer.photos.length > 1));
}

/** The pictures that are not the same photo, or not known to be. @returns {Photograph[]} */
export function others(answer) {
  return answer.others.map((match) => ({
    id: match.asset,
    main: match,
    matches: [match],
    summary: counted(match.usages.length, "use"),
    uses: match.usages.map((usage) => ({ ...usage, asset: match.asset })),
    isSame: false,
    isBest: false,
  }));
}

function photograph(photo, isOneOfSeveral) {
  const all = photo.copies.map(matchOf);
  const isDirect = (match) => match.through === null;
  const matches = [...all.filter(isDirect), ...all.filter((match) => !isDirect(match))];
  const [best] = all;
  const main = isDirect(best) ? best : matches[0];
  return { id: photo.best, main, matches: [main, ...matches.filter((match) => match !== main)],
    // Of one alone the line stands with the verdict.
    summary: isOneOfSeveral ? photo.summary : figures(photo.totals), uses: photo.uses,
    isSame: true, isBest: main === best };
}

/** "6 copies · 15 uses · 6 sites" */
export function figures({ copies, uses, sites }) {
  return [counted(copies, "copy", "copies"), counted(uses, "use"), counted(sites, "site")].join(" · ");
}

/** How the query shows a copy, and what the copy is. */
function matchOf({ sha256, format, reason, decoded, width, height, length, embedded, query }) {
  return { ...query, asset: sha256, format, reason, decoded, width, height, length, embedded };
}

/** When a usage was published, or seen where that is unknown. */
export function timeOf(usage) {
  return usage.published || usage.first_seen;
}

/** What tells which photograph it is: a caption, an alt text, a title, else its digest. */
export function nameOf(uses, sha256) {
  const told = uses.find((use) => use.caption || use.alt) ?? uses.find((use) => use.title);
  return told ? told.caption || told.alt || told.title : sha256.slice(0, 12);
}
