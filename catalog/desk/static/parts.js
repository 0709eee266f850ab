// What several views show: problems, facts, pictures, texts of strangers.

import { element, freshId, stranger } from "./dom.js";
import { original, thumbnail } from "./api.js";
import { count, cut, fileSize, readable, webAddress } from "./words.js";

// A caption is read at a glance up to here; the rest opens on demand.
const GLANCE_CHARACTERS = 400;

/** What went wrong, said at once. */
export function problem(error) {
  return element("p.problem", { role: "alert" }, error.message || String(error));
}

/** Something is on its way. */
export function busy(text) {
  return element("p.busy", { role: "status" }, text);
}

/** What to do where nothing was brought in yet. */
export function emptyCatalog() {
  return element("p.notice", null, "The catalog is empty. ", element("a", { href: "/harvest" }, "Harvest a site"), " to fill it.");
}

/** A small picture of an asset, with its size so that nothing jumps. */
export function small(asset, { side = 320, alt = "", isLazy = true } = {}) {
  if (asset.reason) return element("span.no-picture", null, `${asset.format}, not shown`);
  const scale = Math.min(1, side / Math.max(asset.width, asset.height, 1));
  const picture = element("img", {
    src: thumbnail(asset.sha256, side),
    width: Math.max(1, Math.round(asset.width * scale)),
    height: Math.max(1, Math.round(asset.height * scale)),
    alt,
    loading: isLazy ? "lazy" : null,
    decoding: "async",
    error: () => picture.replaceWith(element("span.no-picture", null, "no picture kept")),
  });
  return picture;
}

/** What stands in place of a picture that is never shown: a drawing, a format that is not decoded, a damaged file. */
export function unshown(asset) {
  return element("p.none", null, `This ${asset.format} file cannot be compared and is not shown: ${asset.reason}.`);
}

/** Width and height, nothing where the file does not tell them. */
export function sizeOf({ width, height }) {
  return width && height ? `${width} × ${height}` : "";
}

/** A stranger's words, which open when they are long. */
export function said(text, className = "quote") {
  if (text.length <= GLANCE_CHARACTERS) return element(`span.${className}`, null, stranger(text));
  const begins = `${text.slice(0, GLANCE_CHARACTERS).trimEnd()}…`;
  return element(`details.${className}.long`, null,
    element("summary", null, stranger(begins), " ", element("span.more", null, `${count(text.length)} characters`)),
    element("p", null, stranger(text)));
}

/** A link that leads away from the desk; an address that no browser may be sent to is text. */
export function outward(address, text) {
  const href = webAddress(address);
  const told = stranger(text || readable(address) || address);
  return href ? element("a.outward", { href, rel: "noopener noreferrer nofollow", target: "_blank" }, told) : told;
}

export function photoAddress(sha256) {
  return `/photo/${sha256}`;
}

/** What the file is, and the way to it. */
export function fileFacts(asset) {
  return element("p.facts", null,
    [sizeOf(asset), asset.format, asset.length ? fileSize(asset.length) : "", cut(asset.decoded)].filter(Boolean).join(" · "), " ",
    element("a.id", { href: photoAddress(asset.sha256), title: asset.sha256 }, asset.sha256.slice(0, 12)));
}

export function download(asset, text = "Download the original") {
  return element("a.button", { href: original(asset.sha256), download: "" }, text);
}

/** Names and values; what is empty is left out. */
export function facts(pairs) {
  const known = pairs.filter(([, value]) => value !== "" && value !== null && value !== undefined);
  return element("dl.measured", null, ...known.map(([name, value]) =>
    element("div", null, element("dt", null, name), element("dd", null, value))));
}

/** What a file says of itself. */
export function embedded(values) {
  return Object.entries(values ?? {}).filter(([, value]) => value.text).map(([name, value]) => [
    element("span", null, name, " ", value.field ? element("span.field", null, stranger(value.field)) : null),
    said(value.text),
  ]);
}

/** How a match was measured. */
export function measured(shown) {
  const [x, y, width, height] = shown.crop_box ?? [0, 0, 0, 0];
  return [
    ["relation", shown.relation],
    ["kept", shown.kept === undefined ? "" : `${Math.round(100 * shown.kept)} %`],
    ["box", width && height ? `${width} × ${height} at ${x}, ${y}` : ""],
    ["mirrored", shown.mirrored ? "yes" : ""],
    ["overlays", shown.overlays?.length ? count(shown.overlays.length) : ""],
    ["blocks agreeing", shown.blocks_compared ? `${shown.blocks_agreeing} of ${shown.blocks_compared}` : ""],
    ["points", shown.inliers ? count(shown.inliers) : ""],
  ];
}

export function flags(kinds) {
  return kinds.map((kind) => element("span.flag", null, kind === "credit missing" ? kind : `${kind} conflict`));
}

/** Fills a list with its beginning; gives back the button that shows the rest, null where there is none. */
export function firstOf(makers, most, name, list) {
  list.append(...makers.slice(0, makers.length > most + 1 ? most : makers.length).map((make) => make()));
  if (makers.length <= most + 1) return null;
  list.id ||= freshId("list");
  const line = element("p.more-line", null, element("button", { type: "button", "aria-controls": list.id, click: () => {
    const rest = makers.slice(most).map((make) => make());
    list.append(...rest);
    line.remove();
    rest[0].setAttribute("tabindex", "-1");
    rest[0].focus();
  } }, `Show all ${count(makers.length)} ${name}`));
  return line;
}
