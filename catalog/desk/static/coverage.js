// What the catalog covers, below every view, and what a view says while pictures are still being compared.

import { get } from "./api.js";
import { announce, element } from "./dom.js";
import { covers } from "./words.js";

// How often it is asked how far comparing is, and whether there is something to compare again.
const LOOK_MS = 2000;
const IDLE_MS = 30000;

/** Tell it as it is now; a desk that does not answer leaves what was told before. */
export async function tellCoverage(signal = undefined) {
  const told = await get("catalog", {}, signal).catch(() => null);
  if (told) document.querySelector("#covers").textContent = `This catalog: ${covers(told.coverage)}.`;
  return told;
}

/** What keeps a view from being complete, "" where nothing does: to be asked before what is shown is. */
export async function incompleteness(signal) {
  return (await get("catalog", {}, signal)).incomplete ?? "";
}

/**
 * That copies may be missing in what is shown, with how many pictures are still to be compared. When all are, what is
 * shown is mended.
 *
 * @param {{told: string, signal: AbortSignal, mend: () => Promise<void>}} view what was told when it was drawn, what
 *   ends when it is left, and how to draw it anew
 */
export function incompleteNotice({ told, signal, mend }) {
  const notice = element("p.notice.incomplete", { role: "status" });
  let isBehind = false;
  let timer = 0;

  const say = (text) => {
    isBehind = Boolean(text);
    notice.hidden = !isBehind;
    notice.textContent = isBehind ? `${text}.` : "";
  };

  const look = async () => {
    const known = document.hidden ? null : await tellCoverage(signal);
    if (signal.aborted) return;
    if (known) {
      const wasBehind = isBehind;
      say(known.incomplete);
      if (wasBehind && !isBehind) await mended();
    }
    wait();
  };

  const mended = async () => {
    const { scrollX, scrollY } = window;
    await mend();
    if (signal.aborted) return;
    window.scrollTo(scrollX, scrollY);
    announce("All pictures have been compared; what is shown is complete.");
  };

  const wait = () => {
    if (!signal.aborted) timer = setTimeout(() => look().catch(() => wait()), isBehind ? LOOK_MS : IDLE_MS);
  };

  say(told);
  wait();
  signal.addEventListener("abort", () => clearTimeout(timer));
  return notice;
}
