// Lists that are filtered, sorted and paged, and whose state is the address, so that it can be shared.

import { get } from "./api.js";
import { announce, element } from "./dom.js";
import { busy, emptyCatalog, problem } from "./parts.js";
import { note } from "./router.js";
import { count } from "./words.js";

const TYPING_PAUSE_MS = 250;

/** A labelled field of a filter. */
export function field(label, input, what = "label") {
  return element(what, null, element("span", null, label), input);
}

export function choices(name, options) {
  return element("select", { name }, ...options.map(([value, text]) => element("option", { value }, text)));
}

/** What a list without a line shows where nothing was brought in yet, null where something was. */
export async function emptyList(signal) {
  const { coverage } = await get("catalog", {}, signal);
  return coverage.pictures ? null : { total: 0, told: "The catalog is empty", draw: () => [emptyCatalog()] };
}

/** A list that follows its form and its address. */
export class Listing {
  /**
   * @param {{form: HTMLFormElement, place: HTMLElement, status: HTMLElement, signal: AbortSignal, path: string,
   *   pageSize: number, extra?: string[], load: (query: Record<string, string>, signal: AbortSignal) =>
   *   Promise<{total: number, draw: () => Node[], told: string}>}} parts `extra` are names of the address that no field
   *   has; `load` asks for a page
   */
  constructor(parts) {
    Object.assign(this, parts);
    this.extra ??= [];
    this.asking = new AbortController();
    let timer = 0;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      clearTimeout(timer);
      this.changed(true);
    });
    this.form.addEventListener("input", (event) => {
      clearTimeout(timer);
      const isTyping = ["search", "text"].includes(event.target.type);
      timer = setTimeout(() => this.changed(!isTyping), isTyping ? TYPING_PAUSE_MS : 0);
    });
    this.form.addEventListener("reset", () => setTimeout(() => this.changed(true)));
    this.signal.addEventListener("abort", () => {
      clearTimeout(timer);
      this.asking.abort();
    });
  }

  /** Take over what an address says and show it. */
  follow(address) {
    const told = address.searchParams;
    for (const input of this.form.elements) {
      if (!input.name) continue;
      if (input.type === "checkbox") input.checked = told.get(input.name) === input.value;
      // Who types goes on typing.
      else if (input !== document.activeElement || input.value.trim() !== (told.get(input.name) ?? "")) choose(input, told.get(input.name) ?? "");
    }
    this.kept = Object.fromEntries(this.extra.map((name) => [name, told.get(name) ?? ""]));
    this.page = Math.max(1, Number.parseInt(told.get("page"), 10) || 1);
    return this.show();
  }

  /** What is asked for, without what is empty. */
  query() {
    const values = { ...Object.fromEntries(new FormData(this.form)), ...this.kept };
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.trim()]).filter(([, value]) => value));
  }

  changed(isStep, page = 1) {
    this.page = page;
    const told = new URLSearchParams(this.query());
    if (page > 1) told.set("page", page);
    note(`${this.path}${told.size ? `?${told}` : ""}`, isStep);
    return this.show();
  }

  /** Sort by something else; the same again turns it round. */
  sort(key, { isDownFirst, standard }) {
    const now = this.kept.sort || standard;
    const wasDown = this.isDown();
    this.kept = { ...this.kept, sort: key, order: (now === key ? !wasDown : isDownFirst) ? "desc" : "asc" };
    return this.changed(true);
  }

  isDown() {
    return (this.kept.order || "desc") === "desc";
  }

  async show() {
    this.asking.abort();
    this.asking = new AbortController();
    const { signal } = this.asking;
    this.place.setAttribute("aria-busy", "true");
    if (!this.place.childElementCount) this.place.replaceChildren(busy("Looking …"));
    try {
      const offset = (this.page - 1) * this.pageSize;
      const { total, draw, told } = await this.load({ ...this.query(), offset, limit: this.pageSize }, signal);
      if (signal.aborted) return;
      const last = this.lastPage(total);
      // An address may name a page that is no longer there.
      if (this.page > last) {
        await this.changed(false, last);
        return;
      }
      this.status.textContent = told;
      announce(told);
      this.place.replaceChildren(...draw(), this.pager(total));
    } catch (error) {
      if (signal.aborted) return;
      this.status.textContent = "";
      this.place.replaceChildren(problem(error));
    }
    this.place.removeAttribute("aria-busy");
  }

  lastPage(total) {
    return Math.max(1, Math.ceil(total / this.pageSize));
  }

  pager(total) {
    const last = this.lastPage(total);
    if (last === 1) return "";
    const turn = (text, page, isOff) => element("button", { type: "button", "aria-disabled": String(isOff), click: async () => {
      if (isOff) return;
      await this.changed(true, page);
      this.place.scrollIntoView({ block: "start" });
      this.place.querySelector("[data-result]")?.focus({ preventScroll: true });
    } }, text);
    return element("nav.pager.lower", { "aria-label": "Pages" }, element("div.turn", null,
      turn("First", 1, this.page === 1), turn("Previous", this.page - 1, this.page === 1),
      element("span.where", null, `${count(this.page)} of ${count(last)}`),
      turn("Next", this.page + 1, this.page >= last), turn("Last", last, this.page >= last)));
  }
}

/** A choice that the address names and the list does not have is still what is asked for. */
function choose(input, value) {
  if (input.tagName === "SELECT" && ![...input.options].some((option) => option.value === value)) {
    input.append(element("option", { value }, value));
  }
  input.value = value;
}
