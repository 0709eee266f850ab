// The matches of a look-up, put together by the photograph they are copies of.

/**
 * A photograph that was found: `main` is the match with its best copy, else the strongest one.
 * @typedef {{id: string, main: import("./api.js").Match, matches: import("./api.js").Match[],
 *   uses: import("./api.js").Usage[], isSame: boolean, isBest: boolean}} Photograph
 */

const ANOTHER = ["sibling", "shared element"];

/** Whether a match says that both are one photograph. */
export function isSamePhoto(match) {
  return match.decision === "same" || (match.relation !== null && !ANOTHER.includes(match.relation));
}

/** The photographs among the matches, those that are the same photo first. @returns {Photograph[]} */
export function photographs(matches) {
  const groups = new Map();
  for (const match of matches) {
    // The same scene in another frame is a photograph of its own, even where a cluster has no other copy.
    const key = `${isSamePhoto(match)} ${match.cluster ?? match.asset}`;
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(match);
  }
  const found = [...groups.values()].map(photograph);
  return [...found.filter((one) => one.isSame), ...found.filter((one) => !one.isSame)];
}

function photograph(matches) {
  const best = matches.find((match) => match.cluster && match.asset.startsWith(match.cluster));
  const main = best ?? matches[0];
  const ordered = [main, ...matches.filter((match) => match !== main)];
  return {
    id: main.asset,
    main,
    matches: ordered,
    uses: merged(ordered),
    isSame: isSamePhoto(main),
    isBest: Boolean(best) || main.cluster === null,
  };
}

/** Every usage of these copies in order of time, with the copy it is of. */
function merged(matches) {
  const uses = matches.flatMap((match) => match.usages.map((usage) => ({ ...usage, asset: match.asset })));
  return uses.sort((one, other) => compare(timeOf(one), timeOf(other)) || compare(one.page, other.page));
}

/** When a usage was published, or seen where that is unknown. */
export function timeOf(usage) {
  return usage.published || usage.first_seen;
}

function compare(one, other) {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/** What tells which photograph it is: a caption, an alt text, a title, else its digest. */
export function nameOf(uses, sha256) {
  const told = uses.find((use) => use.caption || use.alt) ?? uses.find((use) => use.title);
  return told ? told.caption || told.alt || told.title : sha256.slice(0, 12);
}
