// One photograph: the best copy, every copy, every use, what is said of it, and the file itself.

import { evidence, get, original, thumbnail } from "./api.js";
import { comparison, framed, hatching } from "./compare.js";
import { statements } from "./conflicts.js";
import { chip, copiesSection } from "./copies.js";
import { incompleteness, incompleteNotice } from "./coverage.js";
import { decisionBar } from "./decide.js";
import { announce, drawn, element, freshId, stranger } from "./dom.js";
import { drawFrames, framesOf } from "./frames.js";
import { nameOf, timeOf } from "./groups.js";
import { embedded, facts, flags, photoAddress, sizeOf, small, unshown } from "./parts.js";
import { title } from "./router.js";
import { timeline } from "./timeline.js";
import { usesTable } from "./uses.js";
import { counted, cut, days, fileSize, hours, plain, when } from "./words.js";

/**
 * A photograph, whether it has a cluster or is alone.
 * @typedef {{id: string, best: any, why: string, copies: any[], uses: import("./api.js").Usage[], sites: any[],
 *   conflicts: any, totals: {copies: number, uses: number, sites: number}, earliest: {time: string, site: string},
 *   isCluster: boolean}} Photo
 */

const STAGE_SIDE = 1024;
const HEADLINE_CHARACTERS = 140;
const MOST_SITES = 40;

export async function view({ root, found, signal }) {
  const place = element("div");
  const incomplete = await incompleteness(signal);
  place.append(...(await parts(found, signal, incomplete)));
  root.append(incompleteNotice({ told: incomplete, signal, mend: async () => {
    place.replaceChildren(...(await parts(found, signal, "")));
  } }), place);
}

/** All of it as it is now. @param {string} incomplete why copies may be missing, "" where none are */
async function parts(found, signal, incomplete) {
  const { asset, photo } = await told(found, signal, incomplete);
  const aside = await decided(photo, signal);
  const name = plain(nameOf(photo.uses, photo.best.sha256), HEADLINE_CHARACTERS);
  title(plain(name, 60));
  const chosen = photo.copies.find((copy) => copy.sha256 === asset.sha256 && copy !== photo.copies[0]) ?? null;
  const stage = new Stage(photo, chosen);
  return [
    head(photo, name),
    stage.root,
    photo.copies.length > 1 ? copiesSection(photo, stage) : "",
    setAside(aside),
    spread(photo) ?? "",
    statements(photo.conflicts, photo.uses) ?? "",
    uses(photo, stage),
    file(asset, photo),
  ];
}

async function told({ sha256, cluster }, signal, incomplete) {
  if (cluster) {
    const record = await get(`clusters/${encodeURIComponent(cluster)}`, {}, signal);
    return { asset: await get(`assets/${record.best}`, {}, signal), photo: together(record) };
  }
  const asset = await get(`assets/${encodeURIComponent(sha256)}`, {}, signal);
  if (!asset.cluster) return { asset, photo: alone(asset, incomplete) };
  const record = await get(`clusters/${asset.cluster}`, {}, signal);
  return { asset, photo: together(record) };
}

/**
 * What people decided of these copies, which may be newer than the list of them, and the pairs that no longer are copies
 * of each other.
 *
 * @returns {Promise<[string, string][]>}
 */
async function decided(photo, signal) {
  const { decisions } = await get("decisions", {}, signal);
  const copies = new Map(photo.copies.map((copy) => [copy.sha256, copy]));
  const best = photo.best.sha256;
  const aside = [];
  for (const { first, second, decision } of decisions) {
    const [here, there] = copies.has(first) && second !== best ? [first, second] : [second, first];
    if (!copies.has(here)) continue;
    if (here === best && copies.has(there)) copies.get(there).decision = decision;
    else if (!copies.has(there) && decision === "different") aside.push([here, there]);
  }
  return aside;
}

/** The pictures that were decided to be another photo than one of these copies, so that it can be taken back. */
function setAside(pairs) {
  if (!pairs.length) return "";
  const list = element("ul.aside-list", { role: "list" });
  return element("details.aside", { toggle: async () => {
    if (list.children.length) return;
    list.append(...pairs.map(() => element("li")));
    await Promise.all(pairs.map(async ([here, there], place) => {
      // What was looked up and decided on need not be in the catalog.
      const asset = await get(`assets/${there}`).catch(() => null);
      list.children[place].append(
        asset ? element("a", { href: photoAddress(there) }, small(asset, { side: 160, alt: "A picture set aside" })) : element("span.no-picture", null, "not in the catalog"),
        decisionBar({ decision: "different", pairs: () => [[here, there]] }));
    }));
  } }, element("summary", null, `${counted(pairs.length, "picture")} set aside: decided to be another photo`), list);
}

/** @returns {Photo} */
function together(record) {
  return { id: record.id, best: record.copies[0], why: record.why_best, copies: record.copies, uses: record.uses, sites: record.sites,
    conflicts: record.conflicts, totals: record.totals, earliest: { time: record.earliest_observed, site: record.earliest_site }, isCluster: true };
}

/** @returns {Photo} */
function alone(asset, incomplete) {
  const uses = asset.usages.map((use) => ({ ...use, asset: asset.sha256 }));
  return { id: asset.sha256.slice(0, 12), best: asset, why: incomplete ? "the only copy so far" : "the only copy in this catalog", copies: [asset], uses, sites: [], conflicts: null,
    totals: { copies: 1, uses: uses.length, sites: new Set(uses.map((use) => use.site)).size },
    earliest: { time: uses.length ? timeOf(uses[0]) : "", site: uses[0]?.site ?? "" }, isCluster: false };
}

function head(photo, name) {
  const { totals, earliest } = photo;
  const after = photo.uses.map((use) => use.hours_after_earliest).filter((value) => typeof value === "number");
  const span = after.length ? Math.max(...after) : 0;
  return element("header.title", null,
    element("p.id", null, photo.id), element("h1", null, stranger(name)),
    element("div.summary", null,
      element("span", null, counted(totals.copies, "copy", "copies")), element("span", null, counted(totals.uses, "use")), element("span", null, counted(totals.sites, "site")),
      span ? element("span", null, `spread over ${hours(span)}${days(span) ? ` (${days(span)})` : ""}`) : null,
      earliest.time ? element("span", null, "earliest observed ", when(earliest.time), earliest.site ? " at " : null, earliest.site ? stranger(earliest.site) : null) : null,
      ...flags(photo.conflicts?.kinds ?? [])),
    element("p.ways-on", null,
      element("a.button.main", { href: original(photo.best.sha256), download: "" }, "Download the original"), " ",
      element("a.button", { href: evidence(photo.id), download: "", click: () => announce("The evidence bundle is being packed; it is saved when it is ready.") }, "Download the evidence"), " ",
      element("a.button", { href: `/?named=${photo.best.sha256}` }, "Look it up")));
}

/** The best copy with every box, or one copy laid over it. */
class Stage {
  /** @param {Photo} photo */
  constructor(photo, chosen) {
    this.photo = photo;
    this.numbers = new Map(photo.copies.map((copy, place) => [copy.sha256, place + 1]));
    this.listeners = [];
    this.place = element("div");
    this.caption = element("figcaption");
    this.root = element("section.best", { "aria-labelledby": "best" }, element("h2.hidden", { id: "best" }, "Best copy"),
      element("figure", null, this.place, this.caption));
    this.choose(chosen);
  }

  numberOf(sha256) {
    return this.numbers.get(sha256);
  }

  /** Be told which copy is laid over the best one, null for none. */
  heard(listener) {
    this.listeners.push(listener);
    listener(this.chosen);
  }

  /** Lay a copy over the best one; null shows all boxes again. */
  choose(copy, { isSeen = false } = {}) {
    this.chosen = copy;
    this.place.replaceChildren(copy ? this.laidOver(copy) : this.boxes());
    this.caption.replaceChildren(...this.words());
    for (const listener of this.listeners) listener(copy);
    if (!isSeen) return;
    this.root.scrollIntoView({ block: "start" });
    this.place.querySelector(".slider, .frame")?.focus({ preventScroll: true });
  }

  laidOver(copy) {
    const over = { url: thumbnail(copy.sha256, STAGE_SIDE), width: copy.width, height: copy.height, name: `copy ${this.numberOf(copy.sha256)}` };
    return comparison(over, this.under(), copy);
  }

  under() {
    const { best } = this.photo;
    return { url: thumbnail(best.sha256, STAGE_SIDE), width: best.width, height: best.height, name: "best copy" };
  }

  boxes() {
    const { best, copies } = this.photo;
    if (best.reason) return unshown(best);
    const numbered = copies.slice(1).map((copy, place) => ({ number: place + 2, copy }));
    const hatch = freshId("hatch");
    const under = this.under();
    const drawing = drawn("svg.picture", { viewBox: `0 0 ${best.width} ${best.height}`, width: best.width, height: best.height, role: "group", "aria-label": "The best copy and the parts that copies show" },
      drawn("defs", null, hatching(hatch, { width: best.width })),
      drawn("image", { href: under.url, width: best.width, height: best.height, role: "img", "aria-label": "The best copy" }),
      ...drawFrames(framesOf(numbered, best), best, hatch, (number) => this.choose(copies[number - 1], { isSeen: true })));
    return framed(best, drawing);
  }

  words() {
    const { chosen, photo } = this;
    if (!chosen) {
      return [element("p", null, stranger(photo.why)),
        photo.copies.length > 1 ? element("p.note", null, "Each numbered box is the part that a copy shows; hatched where something covers it. Choose one to lay that copy over this.") : ""];
    }
    return [element("p.sentence", null, `Copy ${this.numberOf(chosen.sha256)}: `, stranger(chosen.explanation)),
      element("p", null, element("button", { type: "button", click: () => this.choose(null, { isSeen: true }) }, "Show all boxes"))];
  }
}

function spread(photo) {
  const drawing = timeline(photo.uses);
  if (!drawing) return null;
  return element("section", { "aria-labelledby": "spread" }, element("h2", { id: "spread" }, "How it spread"), drawing, photo.sites.length ? sitesTable(photo.sites) : null);
}

function sitesTable(sites) {
  const row = (one) => element("tr", null, element("th", { scope: "row" }, stranger(plain(one.site, 120))), element("td", null, when(one.time)),
    element("td.number", null, one.hours_after === 0 ? element("span.flag.calm", null, "earliest observed") : hours(one.hours_after), " ", days(one.hours_after) ? element("span.note", null, days(one.hours_after)) : null),
    element("td.number", null, String(one.uses)));
  const table = (rows) => element("table.spread", null, element("thead", null, element("tr", null, element("th", { scope: "col" }, "Site"), element("th", { scope: "col" }, "Earliest observed"),
    element("th.number", { scope: "col" }, "After"), element("th.number", { scope: "col" }, "Uses"))), element("tbody", null, ...rows.map(row)));
  const rest = sites.slice(MOST_SITES);
  return element("div", null, table(sites.slice(0, MOST_SITES)),
    rest.length ? element("details", null, element("summary", null, counted(rest.length, "more site")), table(rest)) : null);
}

function uses(photo, stage) {
  const isMany = photo.copies.length > 1;
  const goTo = (number) => {
    const copy = document.querySelector(`#copy-${number}`);
    copy?.scrollIntoView({ block: "center" });
    copy?.focus({ preventScroll: true });
  };
  const numbered = (sha256) => element("button.plain", { type: "button", click: () => goTo(stage.numberOf(sha256)) }, chip(stage.numberOf(sha256)));
  return element("section", { "aria-labelledby": "uses" }, element("h2", { id: "uses" }, "Uses, in order of time"),
    photo.uses.length
      ? element("p.note", null, "Dates are never mixed: when the page was published, when the site says the file was uploaded, when Photodesk saw it.")
      : element("p", null, "No page is known to use it."),
    photo.uses.length ? usesTable(photo.uses, { chip: isMany ? numbered : undefined, isTold: photo.isCluster }) : null);
}

function file(asset, photo) {
  const number = photo.copies.length > 1 ? photo.copies.findIndex((copy) => copy.sha256 === asset.sha256) + 1 : 0;
  const which = number > 1 ? `Copy ${number}: the file` : "The file";
  return element("section.file", { "aria-labelledby": "file" }, element("h2", { id: "file" }, which),
    facts([["format", asset.format], ["size", sizeOf(asset)], ["bytes", fileSize(asset.length)], ["mode", asset.mode],
      ["frames", asset.frames > 1 ? String(asset.frames) : ""], ["first seen", when(asset.first_seen)],
      ["distinct", asset.indistinct ? "too flat to be told apart by hashes" : ""], ["decoded", cut(asset.decoded)], ["not compared", asset.reason]]),
    element("h3", null, "Hashes"),
    element("dl.hashes", null, ...[["SHA-256", asset.sha256], ...Object.entries(asset.fingerprints ?? {})].map(([name, value]) =>
      element("div", null, element("dt", null, name), element("dd", null, element("code", null, value))))),
    element("h3", null, "Embedded metadata"),
    embedded(asset.embedded).length ? facts(embedded(asset.embedded)) : element("p.none", null, "The file says nothing of itself."),
    element("p.ways-on", null, element("a.button", { href: original(asset.sha256), download: "" }, "Download this file")));
}
