// How pictures get to the desk: dropped anywhere, pasted, chosen, or named by an address or digest.

import { element, warn } from "./dom.js";
import { go } from "./router.js";
import { webAddress } from "./words.js";

/**
 * What is to be looked up.
 * @typedef {{file?: File, address?: string, named?: string, id?: string}} Asked
 */

const DIGEST = /^[0-9a-f]{4,64}$/i;
const BARE_ADDRESS = /^[\w-]+(\.[\w-]+)+(:\d+)?\/\S+$/;

/** @type {Asked[]} */
let waiting = [];

/** What came in and is to be looked up now; it is given out once. */
export function takeWaiting() {
  const taken = waiting;
  waiting = [];
  return taken;
}

/** Look these up. @param {Asked[]} asked */
export function receive(asked) {
  if (!asked.length) {
    warn("Nothing here is a picture or an address.");
    return;
  }
  waiting = asked;
  go("/");
}

/** What a text names: a web address, a SHA-256 or how one begins, a phash. @returns {Asked | null} */
export function named(text) {
  const line = text.trim();
  if (webAddress(line)) return { address: line };
  if (DIGEST.test(line)) return { named: line.toLowerCase() };
  return BARE_ADDRESS.test(line) ? { address: `https://${line}` } : null;
}

/** Pictures may be dropped and pasted wherever one is. */
export function listen() {
  const zone = document.querySelector("#drop-zone");
  let depth = 0;
  const isWanted = (event) => [...event.dataTransfer.types].some((type) => ["Files", "text/uri-list", "text/html"].includes(type));
  const leave = () => {
    depth = 0;
    zone.hidden = true;
  };
  document.addEventListener("dragenter", (event) => {
    if (!isWanted(event)) return;
    depth += 1;
    zone.hidden = false;
  });
  document.addEventListener("dragleave", () => {
    depth -= 1;
    if (depth <= 0) leave();
  });
  document.addEventListener("dragover", (event) => {
    if (isWanted(event)) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    if (!isWanted(event)) return;
    event.preventDefault();
    leave();
    receive(carried(event.dataTransfer));
  });
  document.addEventListener("paste", (event) => {
    const isField = event.target.closest?.("input, textarea, select");
    const asked = carried(event.clipboardData, !isField);
    // Words that are pasted into a field stay words.
    if (!asked.length) return;
    event.preventDefault();
    receive(asked);
  });
}

/** What a drop or the clipboard holds: files first, then the picture of a page, then an address. @returns {Asked[]} */
function carried(data, withText = true) {
  const files = [...data.files].filter((file) => !file.type || file.type.startsWith("image/"));
  if (files.length) return files.map((file) => ({ file }));
  if (!withText) return [];
  const source = pictureIn(data.getData("text/html"));
  if (source) return [{ address: source }];
  const lines = (data.getData("text/uri-list") || data.getData("text/plain")).split(/\r?\n/);
  return lines.filter((line) => !line.startsWith("#")).map(named).filter(Boolean);
}

/** The address of the picture that was dragged from another page; a parsed document runs and loads nothing. */
function pictureIn(html) {
  if (!html) return "";
  const source = new DOMParser().parseFromString(html, "text/html").querySelector("img[src]")?.getAttribute("src") ?? "";
  return webAddress(source);
}

/** The form: choose pictures, or name one. */
export function intakeForm({ isLarge = false } = {}) {
  const files = element("input", { type: "file", accept: "image/*,.psd,.jp2,.tif,.tiff", multiple: true, hidden: true, "aria-label": "Pictures",
    change: () => receive([...files.files].map((file) => ({ file }))) });
  const field = element("input", { type: "text", id: "address", name: "address", autocomplete: "off", spellcheck: "false", inputmode: "url",
    placeholder: "https://…/photo.jpg", "aria-describedby": "address-trouble" });
  const trouble = element("p.problem", { id: "address-trouble", role: "alert", hidden: true });
  return element(isLarge ? "form.intake.large" : "form.intake", { novalidate: true, submit: (event) => {
    event.preventDefault();
    const asked = named(field.value);
    trouble.hidden = Boolean(asked);
    if (asked) receive([asked]);
    else {
      trouble.textContent = "Give the web address of a picture, or a SHA-256 or how one begins.";
      field.focus();
    }
  } },
  element("p.invitation", null, element("strong", null, "Drop a picture anywhere,"), " paste it, or"),
  element("button.main", { type: "button", click: () => files.click() }, "Choose a picture"), files,
  element("label", { for: "address" }, element("span.hidden", null, "Address of a picture, or a SHA-256"), element("span", { "aria-hidden": "true" }, "or give its address")),
  field, element("button", null, "Look up"), trouble);
}
