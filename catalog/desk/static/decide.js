// A person's word on whether two pictures are the same photo: written at once, shown at once, to be taken back.

import { announce, element } from "./dom.js";
import { post } from "./api.js";
import { problem } from "./parts.js";

const TOLD = { same: "the same photo", different: "not the same photo" };
const NAMES = { same: "Same photo", different: "Not the same", undecided: "Undecided" };

/**
 * Two buttons and what was decided.
 *
 * @param {{decision: string | null, pairs: (decision: string) => [string, string][],
 *   decided?: (decision: string) => void, about?: string}} what the pairs that a decision is about; `decided` hears of
 *   each that was kept
 */
export function decisionBar({ decision, pairs, decided, about = "Is it the same photo?" }) {
  let known = TOLD[decision] ? decision : null;
  // What a decision was about, so that taking it back is about the same.
  let written = known ? pairs(known) : [];
  let against = [];
  /** What is to be kept and is not yet. @type {string | null} */
  let wanted = null;
  let isWorking = false;
  const told = element("p.decided");
  const trouble = element("div");
  // What was written of several pairs before one of them failed.
  const kept = new Map();
  const buttons = ["same", "different"].map((value) =>
    element("button.choice", { type: "button", "data-decision": value, click: () => decide(value) }, NAMES[value]));
  const undo = element("button.quiet", { type: "button", "data-decision": "undecided", click: () => decide("undecided") }, NAMES.undecided);
  const root = element("div.decision", { role: "group", "aria-label": about },
    element("p.question", null, about), element("div.buttons", null, ...buttons, undo), told, trouble);

  function draw() {
    // Shown at once, before it is kept.
    const shown = wanted === null ? known : TOLD[wanted] ? wanted : null;
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.decision === shown));
    undo.hidden = shown === null;
    root.dataset.decided = shown ?? "undecided";
    told.textContent = shown ? `Decided: ${TOLD[shown]}. This wins over the program.${contradiction(against)}` : "Your word is kept, and wins over the program.";
  }

  function decide(value) {
    if (value === (wanted ?? known ?? "undecided")) return;
    wanted = value;
    against = [];
    trouble.replaceChildren();
    draw();
    if (!isWorking) work();
  }

  /** Write what is wanted; that may change meanwhile. */
  async function work() {
    isWorking = true;
    while (wanted !== null) {
      try {
        await keep();
      } catch (error) {
        wanted = null;
        trouble.replaceChildren(problem(error));
      }
    }
    isWorking = false;
    draw();
    if (undo.hidden && document.activeElement === document.body) buttons[0].focus();
  }

  async function keep() {
    const value = wanted;
    const all = value === "undecided" ? written : joined(written, pairs(value));
    for (const pair of all.filter((one) => kept.get(String(one)) !== value)) {
      const [first, second] = pair;
      against = against.concat((await post("decisions", { first, second, decision: value })).contradicts);
      kept.set(String(pair), value);
      written = joined(written, [pair]);
    }
    kept.clear();
    written = all;
    against = others(against, all);
    known = TOLD[value] ? value : null;
    if (wanted === value) wanted = null;
    announce(known ? `Kept: ${TOLD[known]}` : "Kept: undecided");
    decided?.(value);
  }

  draw();
  return root;
}

/** What was decided earlier must not stand against what is decided now. */
function joined(earlier, pairs) {
  const known = new Set(pairs.map(String));
  return [...pairs, ...earlier.filter((pair) => !known.has(String(pair)))];
}

/** The decisions that stand against what was decided, each once; what this press decided anew no longer does. */
function others(found, about) {
  const decided = new Set(about.map((pair) => [...pair].sort().join(" ")));
  return [...new Map(found.map((one) => [one.key, one])).values()].filter((one) => !decided.has(one.key));
}

function contradiction(found) {
  if (!found.length) return "";
  const told = found.map((one) => `${one.first.slice(0, 12)} and ${one.second.slice(0, 12)}: ${one.decision} (${one.by}, ${one.at})`);
  return ` It contradicts what was decided before: ${told.join("; ")}.`;
}
