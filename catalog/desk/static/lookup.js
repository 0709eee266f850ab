// The view a picture is dropped on, and the answer to it.

import { get, post, Problem, upload } from "./api.js";
import { answerView, verdictText } from "./answer.js";
import { incompleteNotice } from "./coverage.js";
import { announce, element, stranger } from "./dom.js";
import { nameOf } from "./groups.js";
import { intakeForm, takeWaiting } from "./intake.js";
import { busy, emptyCatalog, photoAddress, problem, small } from "./parts.js";
import { note, title } from "./router.js";
import { count, plain, readable } from "./words.js";

/** @typedef {import("./api.js").Answer} Answer */
/**
 * One picture that is looked up, and how far that is.
 * @typedef {{asked: import("./intake.js").Asked, name: string, preview: string, answer?: Answer, error?: Error}} Item
 */

const AT_ONCE = 2;
const MOST_AT_ONCE = 200;
const PHASH = /^([0-9a-f]{16}|[0-9a-f]{64})$/;
const RECENT = 16;

// What can be harvested, as the desk names it: a page, a feed, an API.
const PAGE = /looks like (HTML|XML|JSON)/;

// Answers and names of this visit, by the look-up's id, so that Back need not ask again.
const known = new Map();

export async function view({ root, address, signal }) {
  const asked = takeWaiting();
  const items = (asked.length ? asked : askedIn(address)).slice(0, MOST_AT_ONCE).map(itemOf);
  if (!items.length) return landing(root, signal);
  title("Look up");
  root.append(intakeForm());
  signal.addEventListener("abort", () => items.forEach((item) => item.preview && URL.revokeObjectURL(item.preview)));
  const board = new Board(items, Number(address.searchParams.get("at")) - 1);
  root.append(board.root);
  await board.work(signal);
}

/** What an address asks for: look-ups that were answered, an asset, a phash. */
function askedIn(address) {
  const told = address.searchParams;
  if (told.get("lookup")) return told.get("lookup").split(",").filter(Boolean).map((id) => ({ id }));
  const named = told.get("named");
  return named ? [{ named }] : [];
}

function itemOf(asked) {
  const earlier = known.get(asked.id);
  return {
    asked,
    name: asked.file?.name || (asked.address ? readable(asked.address) : "") || asked.named?.slice(0, 12) || earlier?.name || "picture",
    preview: asked.file?.type.startsWith("image/") ? URL.createObjectURL(asked.file) : "",
    answer: earlier?.answer,
  };
}

/** @returns {Promise<Answer>} */
async function answered({ asked }, signal) {
  if (asked.file) return upload(asked.file, signal);
  if (asked.address) return post("lookups", { address: asked.address }, signal);
  if (asked.id) return get(`lookups/${encodeURIComponent(asked.id)}`, {}, signal);
  try {
    return await post("lookups", { asset: asked.named }, signal);
  } catch (error) {
    // Digits that begin no asset's digest may be a hash from elsewhere.
    if (!(error instanceof Problem && error.status === 404 && PHASH.test(asked.named))) throw error;
    return post("lookups", { phash: asked.named }, signal);
  }
}

/** The pictures that are looked up together, one of them shown. */
class Board {
  /** @param {Item[]} items */
  constructor(items, at) {
    this.items = items;
    this.at = items[at] ? at : 0;
    this.tiles = items.map((item, number) => element("button.tile", { type: "button", click: () => this.choose(number) }));
    this.place = element("div", { "aria-live": "off" });
    this.root = element("div.board", null,
      items.length > 1 ? element("ul.tiles", { role: "list", "aria-label": "Pictures looked up" }, ...this.tiles.map((tile) => element("li", null, tile))) : null,
      this.place);
    items.forEach((_, number) => this.drawTile(number));
    this.show();
  }

  async work(signal) {
    const queue = this.items.map((_, number) => number);
    const worker = async () => {
      while (queue.length) await this.ask(queue.shift(), signal);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    if (signal.aborted) return;
    this.watch(signal);
    this.tell();
    if (this.items.length > 1) announce(this.summary());
  }

  /** While pictures are being compared an answer may lack copies. */
  watch(signal) {
    const told = this.items.map(({ answer }) => answer?.incomplete).find(Boolean) ?? "";
    this.place.before(incompleteNotice({ told, signal, mend: async () => {
      for (const item of this.items) {
        if (item.answer) await this.again(item, signal);
      }
      this.items.forEach((_, number) => this.drawTile(number));
      this.show();
    } }));
  }

  async ask(number, signal) {
    const item = this.items[number];
    try {
      item.answer ??= await answered(item, signal);
      if (item.name === "picture") item.name = readable(item.answer.query) || item.name;
      this.remember(item);
    } catch (error) {
      if (signal.aborted) return;
      item.error = error;
    }
    this.drawTile(number);
    if (number !== this.at) return;
    this.show();
    if (this.items.length === 1 && item.answer) announce(verdictText(item.answer));
  }

  remember(item) {
    if (item.answer.id) known.set(item.answer.id, { answer: item.answer, name: item.name });
  }

  /** The address of what was found, to be kept or handed on. */
  tell() {
    const ids = this.items.map((item) => item.answer?.id).filter(Boolean);
    const only = this.items[0].asked;
    if (ids.length) note(`/?lookup=${ids.join(",")}${this.at ? `&at=${this.at + 1}` : ""}`, false);
    else if (this.items.length === 1 && only.named) note(`/?named=${only.named}`, false);
  }

  choose(number) {
    this.at = number;
    this.items.forEach((_, each) => this.drawTile(each));
    this.show();
    this.tell();
  }

  summary() {
    const verdicts = new Map();
    for (const { answer } of this.items) verdicts.set(answer?.verdict ?? "failed", (verdicts.get(answer?.verdict ?? "failed") ?? 0) + 1);
    return [...verdicts].map(([verdict, number]) => `${count(number)} ${verdict}`).join(", ");
  }

  drawTile(number) {
    const item = this.items[number];
    const verdict = item.answer?.verdict ?? (item.error ? "failed" : "looking it up");
    const source = item.error ? "" : (item.answer?.picture?.url ?? item.preview);
    const tile = this.tiles[number];
    tile.dataset.verdict = verdict;
    tile.setAttribute("aria-pressed", String(number === this.at));
    tile.replaceChildren(
      source ? element("img", { src: source, alt: "", width: 96, height: 72 }) : element("span.no-picture", null, "no preview"),
      element("span.tile-verdict", null, verdict), element("span.name", null, stranger(plain(item.name, 40))));
  }

  show() {
    const item = this.items[this.at];
    title(`${item.answer ? item.answer.verdict : "Looking up"}: ${plain(item.name, 60)}`);
    if (item.error) this.place.replaceChildren(element("h1", null, "Not looked up"), element("p.asked", null, stranger(item.name)), problem(item.error), harvestInstead(item) ?? "");
    else if (item.answer) this.place.replaceChildren(answerView(item.answer, { name: item.name, again: () => this.again(item) }));
    else this.place.replaceChildren(pending(item));
  }

  async again(item, signal = undefined) {
    if (item.answer.id) {
      item.answer = await get(`lookups/${item.answer.id}`, {}, signal);
      this.remember(item);
    }
    return item.answer;
  }
}

/** The address of an article is no picture, but the pictures that the article uses can be brought in. */
function harvestInstead({ asked, error }) {
  if (!asked.address || error.told?.reason !== "not a picture" || !PAGE.test(error.message)) return null;
  return element("div", null, element("p", null, "This is the address of a page. The pictures that it uses can be harvested."),
    element("p.ways-on", null, element("a.button", { href: `/harvest?${new URLSearchParams({ address: asked.address })}` }, "Harvest this page")));
}

function pending(item) {
  return element("div.verdict.pending", null,
    item.preview ? element("img.asked-for", { src: item.preview, alt: "", width: 320, height: 240 }) : element("span.no-picture", null, ""),
    element("div", null, element("p.asked", null, stranger(plain(item.name, 100))), element("h1", null, "Looking it up"), busy("Comparing with every catalogued picture …")));
}

/** The desk without a picture on it: where to put one, and what was used last. */
async function landing(root, signal) {
  title("");
  root.append(element("div.hero", null, element("h1", null, "Where has this photo been seen?"), intakeForm({ isLarge: true })));
  const place = element("div");
  root.append(place);
  const [{ coverage }, recent] = await Promise.all([get("catalog", {}, signal), get("search", { limit: RECENT }, signal)]);
  place.append(totals(coverage));
  if (!recent.results.length) {
    place.append(emptyCatalog());
    return;
  }
  place.append(element("section", { "aria-labelledby": "recent" }, element("h2", { id: "recent" }, "Used last"),
    element("ul.recent", { role: "list", "data-results": true }, ...recent.results.map(recentOne))));
}

function recentOne(one) {
  const { asset, width, height, usages } = one;
  const item = element("li", null, element("a", { href: photoAddress(asset), "data-result": true },
    small({ ...one, sha256: asset }, { alt: plain(nameOf(usages, asset), 120) })));
  // Rows of equal height, uncropped.
  item.style.setProperty("--shape", String(Math.min(3, Math.max(0.4, (width / height) || 1))));
  return item;
}

function totals(coverage) {
  const shown = [["pictures", count(coverage.pictures)], ["pages", count(coverage.pages)], ["sites", count(coverage.sites)], ["since", coverage.since.slice(0, 10)]];
  return element("dl.totals", null, ...shown.filter(([, value]) => value).map(([name, value]) => element("div", null, element("dt", null, name), element("dd", null, value))));
}
