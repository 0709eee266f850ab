// Addresses and views: links stay within the page, Back and Forward bring a view back where it was scrolled to, with
// the focus on the result that was opened.

import { element } from "./dom.js";
import { problem } from "./parts.js";

/**
 * What a view is given: where to draw, its address, what the route found in it, and what ends when it is left.
 * @typedef {{root: HTMLElement, address: URL, found: Record<string, string>, signal: AbortSignal}} Place
 *
 * What a view may give back: `follow` takes a change of the address without being drawn anew.
 * @typedef {{follow?: (address: URL) => void | Promise<void>}} Shown
 *
 * @typedef {{pattern: RegExp, view: (place: Place) => Promise<Shown | void>, here: string}} Route
 */

const SCROLL_PAUSE_MS = 150;
const RESULT = "[data-result]";

/** @type {Route[]} */
let routes = [];
let beginning = () => {};
let leaving = new AbortController();
/** @type {{route: Route, path: string, address: string, shown: Shown} | null} */
let current = null;

/** Take over the page's addresses; `opened` hears of each view that is begun. */
export function start(known, opened) {
  routes = known;
  beginning = opened;
  history.scrollRestoration = "manual";
  document.addEventListener("click", followLink);
  window.addEventListener("popstate", () => {
    // A link within the page is no other view.
    if (shownAddress() !== current?.address) open(new URL(location.href), history.state ?? {});
  });
  rememberScrolling();
  return open(new URL(location.href), history.state ?? {});
}

/** Go to an address of the desk, also where one is there already. Back undoes it. */
export function go(address) {
  const target = new URL(address, location.href);
  history.pushState({}, "", target);
  return open(target);
}

/** Note where the view is by now; it knows already. A step is one that Back undoes. */
export function note(address, isStep) {
  const target = new URL(address, location.href);
  if (target.href === location.href) return;
  if (isStep) history.pushState({}, "", target);
  else history.replaceState(history.state, "", target);
  if (current) current.address = shownAddress();
}

function shownAddress() {
  return location.pathname + location.search;
}

/** The page's title, which names what is seen. */
export function title(text) {
  document.title = text ? `${text} · Photodesk` : "Photodesk";
}

function followLink(event) {
  const link = event.target.closest?.("a[href]");
  if (!link || event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || link.target || link.hasAttribute("download")) return;
  const address = new URL(link.href);
  if (address.origin !== location.origin || !routeOf(address)) return;
  if (address.hash && address.pathname === location.pathname && address.search === location.search) return;
  event.preventDefault();
  if (link.matches(RESULT)) history.replaceState({ ...history.state, opened: link.getAttribute("href") }, "");
  go(address);
}

/** Whoever comes back goes on from the result that was opened, unless the focus is elsewhere by now. */
function focusOpened(opened) {
  if (!opened || ![document.body, document.querySelector("#main")].includes(document.activeElement)) return;
  const link = [...document.querySelectorAll(RESULT)].find((one) => one.getAttribute("href") === opened);
  link?.focus({ preventScroll: true });
}

function routeOf(address) {
  for (const route of routes) {
    const found = route.pattern.exec(address.pathname);
    if (found) return { route, found: { ...found.groups } };
  }
  return null;
}

async function open(address, { scrolled = 0, opened = "" } = {}) {
  const known = routeOf(address);
  if (!known) return;
  if (current?.shown.follow && current.route === known.route && current.path === address.pathname) {
    current.address = shownAddress();
    await current.shown.follow(address);
    window.scrollTo(0, scrolled);
    return;
  }
  leaving.abort();
  leaving = new AbortController();
  const { signal } = leaving;
  const main = document.querySelector("#main");
  const root = element("div.view");
  main.replaceChildren(root);
  const isFirst = current === null;
  current = { route: known.route, path: address.pathname, address: shownAddress(), shown: {} };
  mark(known.route.here);
  beginning();
  // The first view leaves the focus where the browser has it.
  if (!isFirst) main.focus({ preventScroll: true });
  window.scrollTo(0, 0);
  try {
    const shown = (await known.route.view({ root, address, found: known.found, signal })) ?? {};
    if (!signal.aborted) current.shown = shown;
  } catch (error) {
    if (signal.aborted) return;
    title("Not shown");
    root.replaceChildren(element("h1", null, "Not shown"), problem(error));
  }
  if (signal.aborted) return;
  focusOpened(opened);
  if (scrolled) window.scrollTo(0, scrolled);
}

function mark(here) {
  for (const link of document.querySelectorAll(".top nav a")) {
    if (link.getAttribute("href") === here) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

function rememberScrolling() {
  let timer = 0;
  window.addEventListener("scroll", () => {
    clearTimeout(timer);
    timer = setTimeout(() => history.replaceState({ ...history.state, scrolled: window.scrollY }, ""), SCROLL_PAUSE_MS);
  }, { passive: true });
}
