// Harvests: give addresses, watch how far they are, cancel; one at a time, the others queued.

import { cancel, get, path, post } from "./api.js";
import { tellCoverage } from "./coverage.js";
import { announce, element, freshId, stranger } from "./dom.js";
import { field } from "./filters.js";
import { busy, outward, problem } from "./parts.js";
import { title } from "./router.js";
import { count, counted, fileSize, plain, readable, webAddress, when } from "./words.js";

/**
 * A harvest as the API tells it.
 * @typedef {{id: string, inputs: string[], since: string | null, limit: number | null, asked: string, state: string,
 *   detail: string, progress: any, summary: any, failures: {address: string, why: string, detail: string}[]}} Job
 */

const SOME_FAILED = "done with failures";
const ENDED = ["done", SOME_FAILED, "failed", "cancelled"];
const STATES = { queued: "waiting for its turn", running: "running", comparing: "comparing the new pictures", done: "done", [SOME_FAILED]: SOME_FAILED, failed: "failed", cancelled: "cancelled" };
const MOST_REASONS = 6;

export async function view({ root, address, signal }) {
  title("Harvest");
  const board = new Harvests(signal);
  root.append(element("h1", null, "Harvest"),
    element("p.lede", null, "Bring in the pictures that a site, a page, a feed or a WordPress address uses. One harvest runs at a time; the catalog stays usable meanwhile."),
    form(board, address.searchParams.getAll("address")), board.root);
  await board.read();
}

/** @param {string[]} given addresses that somebody came with */
function form(board, given) {
  const inputs = element("textarea", { name: "inputs", rows: 2, required: true, spellcheck: "false", autocomplete: "off", placeholder: "https://news.example/uk/", "aria-describedby": "harvest-trouble" }, given.join("\n"));
  const since = element("input", { type: "date", name: "since" });
  const limit = element("input", { type: "number", name: "limit", min: 1, step: 1, inputmode: "numeric", size: 6 });
  const trouble = element("div", { id: "harvest-trouble" });
  const submit = async (event) => {
    event.preventDefault();
    const addresses = inputs.value.split(/\s+/).filter(Boolean);
    const wrong = addresses.filter((one) => !webAddress(one));
    trouble.replaceChildren();
    if (!addresses.length || wrong.length) {
      trouble.replaceChildren(problem(new Error(wrong.length ? `${plain(wrong[0], 80)} is no web address: it begins with https:// or http://` : "Give the address of a site, a page or a feed.")));
      inputs.focus();
      return;
    }
    try {
      await board.add({ inputs: addresses, since: since.value || undefined, limit: limit.value ? Number(limit.value) : undefined });
      inputs.value = "";
    } catch (error) {
      trouble.replaceChildren(problem(error));
    }
  };
  inputs.addEventListener("keydown", (event) => {
    // A line of its own for each address needs Shift; Enter begins, as in any field for an address.
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      inputs.form.requestSubmit();
    }
  });
  return element("form.filters.harvest", { novalidate: true, submit },
    field("Addresses", inputs, "label.wide"), field("Only modified since", since), field("At most so many posts an address", limit),
    element("button.main", null, "Harvest"), trouble);
}

/** The harvests that were asked for, the latest first; the one that runs is watched. */
class Harvests {
  constructor(signal) {
    this.signal = signal;
    /** @type {Map<string, {job: Job, row: HTMLElement, draw: (job: Job) => void}>} */
    this.known = new Map();
    this.list = element("ol.jobs", { role: "list" });
    this.root = element("section", { "aria-labelledby": "jobs" }, element("h2", { id: "jobs" }, "Harvests"), busy("Looking …"));
    /** @type {EventSource | null} */
    this.events = null;
    signal.addEventListener("abort", () => this.events?.close());
  }

  async add(asked) {
    const job = await post("harvests", asked);
    announce("The harvest is queued.");
    this.take(job);
    this.watchNext();
  }

  async read() {
    const { harvests } = await get("harvests", {}, this.signal);
    // Told the latest first, put on top one by one.
    for (const job of [...harvests].reverse()) this.take(job);
    this.drawList();
    this.watchNext();
  }

  take(job) {
    const known = this.known.get(job.id);
    if (known) {
      // The answer to a cancellation may come after the news that it has ended.
      if (ENDED.includes(known.job.state) && !ENDED.includes(job.state)) return;
      known.job = job;
      known.draw(job);
      return;
    }
    const { row, draw } = jobRow(job, () => this.cancel(job.id));
    this.known.set(job.id, { job, row, draw });
    this.list.prepend(row);
    this.drawList();
  }

  drawList() {
    this.root.replaceChildren(this.root.firstChild, this.known.size ? this.list : element("p.none", null, "None since the desk was started."));
  }

  /** Only one is watched: each stream takes one of the few connections that a browser has for the desk. */
  watchNext() {
    if (this.events || this.signal.aborted) return;
    const next = [...this.known.values()].find(({ job }) => !ENDED.includes(job.state));
    if (!next) return;
    const { id } = next.job;
    this.events = new EventSource(path(`harvests/${id}/events`));
    this.events.addEventListener("harvest", (event) => {
      const job = JSON.parse(event.data);
      this.take(job);
      if (ENDED.includes(job.state)) this.ended(job);
    });
    this.events.addEventListener("error", () => {
      // The browser comes back by itself where the line broke; where the desk refused it does not.
      if (this.events?.readyState === EventSource.CLOSED) this.lost(id);
    });
  }

  ended(job) {
    this.events?.close();
    this.events = null;
    tellCoverage();
    announce(`The harvest ${job.state === "failed" ? "failed" : `is ${job.state}`}. ${summaryText(job.summary)}`);
    this.watchNext();
  }

  lost(id) {
    this.events = null;
    const known = this.known.get(id);
    if (known) this.take({ ...known.job, state: "failed", detail: "the desk no longer knows this harvest" });
    this.watchNext();
  }

  async cancel(id) {
    const job = await cancel(`harvests/${id}`);
    announce("The harvest is being cancelled; what it brought in is kept.");
    this.take(job);
  }
}

/** One harvest: what was asked, how far it is, what came of it. @param {Job} job */
function jobRow(job, stop) {
  const name = freshId("job");
  const state = element("span.state");
  const bar = element("progress", { "aria-labelledby": name });
  const told = element("p.job-told");
  const failures = element("div");
  const trouble = element("div");
  const button = element("button", { type: "button", "aria-describedby": name, click: async () => {
    button.setAttribute("aria-disabled", "true");
    try {
      await stop();
    } catch (error) {
      button.removeAttribute("aria-disabled");
      trouble.replaceChildren(problem(error));
    }
  } }, "Cancel");
  const row = element("li.job", { tabindex: -1 },
    element("p.job-head", null, element("strong", { id: name }, stranger(job.inputs.map((one) => readable(one, 60)).join(", "))), " ", state),
    element("p.note", null, "asked ", when(job.asked), job.since ? ` · modified since ${job.since.slice(0, 10)}` : null, job.limit ? ` · at most ${counted(job.limit, "post")}` : null),
    element("div.job-bar", null, bar, button), told, failures, trouble);

  function draw(now) {
    const isEnded = ENDED.includes(now.state);
    row.dataset.state = now.state;
    state.textContent = STATES[now.state] ?? now.state;
    const { through, known, words } = howFar(now);
    bar.hidden = isEnded;
    if (now.state === "queued") {
      // Empty: only what runs moves.
      bar.value = 0;
    } else if (known) {
      bar.max = known;
      bar.value = through;
    } else {
      bar.removeAttribute("value");
    }
    if (words) bar.setAttribute("aria-valuetext", words);
    else bar.removeAttribute("aria-valuetext");
    // Whoever just pressed it must not lose the place.
    if (isEnded && document.activeElement === button) row.focus();
    button.hidden = isEnded;
    told.replaceChildren(...(isEnded ? ending(now) : progressWords(now)));
    failures.replaceChildren((isEnded ? failuresList(now) : null) ?? "");
  }

  draw(job);
  return { row, draw };
}

/** How much of what is known so far is through; more may become known while pages are still being read. */
function howFar({ state, progress }) {
  if (state === "comparing" && progress?.total) {
    return { through: Math.min(progress.done, progress.total), known: progress.total, words: `${count(progress.done)} of ${count(progress.total)} compared` };
  }
  if (state === "running" && progress?.references) {
    return { through: progress.settled, known: progress.references, words: `${count(progress.settled)} of ${counted(progress.references, "reference")} done` };
  }
  return { through: 0, known: 0, words: "" };
}

function progressWords(job) {
  const { state, progress, detail } = job;
  const { words: far } = howFar(job);
  const words = [detail ? stranger(detail) : null];
  if (state === "comparing") words.push(far);
  if (state === "running" && progress?.stage) {
    words.push([counted(progress.pages, "page"), far, `${count(progress.done)} fetched`,
      progress.failed ? `${count(progress.failed)} failed` : "", progress.bytes ? fileSize(progress.bytes) : ""].filter(Boolean).join(", "));
    if (progress.current) words.push(element("span.current", null, stranger(readable(progress.current, 90))));
  }
  return words.filter(Boolean).flatMap((word, place) => (place ? [" ", word] : [word]));
}

function ending({ summary, detail, failures }) {
  const parts = [detail ? element("span.why", null, stranger(detail), " ") : null, summaryText(summary)];
  const reasons = Object.entries(summary?.reasons ?? {});
  // Where each is told below, their counts tell nothing new.
  if (reasons.length && failures.length < summary.failed) {
    const more = reasons.length - MOST_REASONS;
    parts.push(element("span.note", null, ` Failed: ${reasons.slice(0, MOST_REASONS).map(([reason, number]) => `${count(number)} ${reason}`).join(", ")}${more > 0 ? ` and ${more} more` : ""}.`));
  }
  if (summary?.assets_new) parts.push(" ", element("a", { href: "/search" }, "See what was used last"));
  return parts.filter(Boolean);
}

/** Which addresses failed, and why; open where nothing else came of it. @param {Job} job */
function failuresList({ state, failures, summary }) {
  if (!failures?.length) return null;
  const first = failures.length < summary?.failed ? `, the first ${count(failures.length)} of them` : "";
  return element("details.failures", { open: state === "failed" },
    element("summary", null, `What failed${first}`),
    element("ul", { role: "list" }, ...failures.map(({ address, why, detail }) => element("li", null,
      outward(address, readable(address, 90)), ": ", why, detail ? element("span.note", null, " (", stranger(plain(detail, 200)), ")") : null))));
}

/** As the command ends a harvest. */
function summaryText(summary) {
  if (!summary) return "";
  return `${counted(summary.pages, "page")}, ${counted(summary.references, "reference")}: ${count(summary.fetched)} fetched (${counted(summary.assets_new, "new picture")}, ${fileSize(summary.bytes)}), ${count(summary.unchanged)} unchanged, ${count(summary.failed)} failed, in ${summary.seconds.toFixed(1)} s.`;
}
