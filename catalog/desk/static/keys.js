// The keyboard: `/` searches, `?` tells the keys, arrows move between results.

const RESULTS = "[data-results]";
const TYPED_IN = "input:not([type=range], [type=checkbox], [type=radio]), textarea, select";

/** Listen to the keys that work everywhere. */
export function listen() {
  const list = document.querySelector("#keys");
  document.querySelector("#show-keys").addEventListener("click", () => list.showModal());
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    document.querySelector("#main").focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (list.open) return;
    if (event.target.matches(TYPED_IN)) {
      // From the words to what they found.
      if (event.key === "ArrowDown" && event.target.type === "search") move(event);
    } else if (event.key === "/") {
      event.preventDefault();
      focusSearch();
    } else if (event.key === "?") {
      list.showModal();
    } else if (STEPS[event.key]) {
      move(event);
    }
  });
}

/** The search of the view that is seen, else the one on top. */
function focusSearch() {
  const field = document.querySelector("main input[type=search]") ?? document.querySelector("#find");
  field.focus();
  field.select();
}

const STEPS = {
  ArrowRight: (items, at) => items[at + 1],
  ArrowLeft: (items, at) => items[at - 1],
  ArrowDown: (items, at) => beside(items, at, 1),
  ArrowUp: (items, at) => beside(items, at, -1),
  Home: (items) => items[0],
  End: (items) => items.at(-1),
};

/** From one result to the next; from nowhere to the first. */
function move(event) {
  const results = event.target.closest(RESULTS) ?? (event.target.closest("a, button, input:not([type=search])") ? null : document.querySelector(RESULTS));
  if (!results) return;
  const items = [...results.querySelectorAll("[data-result]")];
  const at = items.indexOf(event.target.closest("[data-result]"));
  const isInside = at >= 0;
  if (!isInside && !["ArrowDown", "ArrowRight"].includes(event.key)) return;
  const next = isInside ? STEPS[event.key](items, at) : items[0];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

/** The item in the next row that lies nearest below or above; in a list that is the next item. */
function beside(items, at, way) {
  const here = items[at].getBoundingClientRect();
  const middle = here.left + here.width / 2;
  const offRow = (one) => way * (one.getBoundingClientRect().top - here.top) > 1;
  const candidates = items.filter(offRow);
  if (!candidates.length) return undefined;
  const row = candidates[way > 0 ? 0 : candidates.length - 1].getBoundingClientRect().top;
  const inRow = candidates.filter((one) => Math.abs(one.getBoundingClientRect().top - row) <= 1);
  const away = (one) => Math.abs(one.getBoundingClientRect().left + one.getBoundingClientRect().width / 2 - middle);
  return inRow.reduce((nearest, one) => (away(one) < away(nearest) ? one : nearest));
}
