// A person's word on whether two pictures are the same photo: written at once, shown at once, to be taken back.

import { announce, element } from "./dom.js";
import { post } from "./api.js";
import { problem } from "./parts.js";

const TOLD = { same: "the same photo", different: "not the same photo" };

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
  const told = element("p.decided");
  const trouble = element("div");
  const buttons = Object.entries({ same: "Same photo", different: "Not the same" }).map(([value, text]) =>
    element("button.choice", { type: "button", "data-decision": value, click: () => decide(value) }, text));
  const undo = element("button.quiet", { type: "button", "data-decision": "undecided", click: () => decide("undecided") }, "Undecided");
  const root = element("div.decision", { role: "group", "aria-label": about },
    element("p.question", null, about), element("div.buttons", null, ...buttons, undo), told, trouble);

  function draw(isBusy) {
    for (const button of buttons) {
      button.setAttribute("aria-pressed", String(button.dataset.decision === known));
    }
    for (const button of [...buttons, undo]) button.setAttribute("aria-disabled", String(isBusy));
    undo.hidden = known === null;
    root.dataset.decided = known ?? "undecided";
    told.textContent = known ? `Decided: ${TOLD[known]}. This wins over the program.${contradiction(against)}` : "Your word is kept, and wins over the program.";
  }

  async function decide(value) {
    if (value === known || undo.getAttribute("aria-disabled") === "true") return;
    const before = known;
    const about = value === "undecided" ? written : joined(written, pairs(value));
    known = TOLD[value] ? value : null;
    against = [];
    trouble.replaceChildren();
    draw(true);
    try {
      const found = [];
      for (const [first, second] of about) found.push(...(await post("decisions", { first, second, decision: value })).contradicts);
      against = others(found, about);
      written = about;
      announce(known ? `Kept: ${TOLD[known]}` : "Kept: undecided");
      decided?.(value);
    } catch (error) {
      known = before;
      trouble.replaceChildren(problem(error));
    }
    draw(false);
    if (undo.hidden && document.activeElement === document.body) buttons[0].focus();
  }

  draw(false);
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
