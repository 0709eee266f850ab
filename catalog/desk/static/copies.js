// Every copy of a photograph: how it shows the best one, what the file is, and a person's word on it.

import { decisionBar } from "./decide.js";
import { element, stranger } from "./dom.js";
import { hue } from "./frames.js";
import { embedded, facts, fileFacts, firstOf, measured, small } from "./parts.js";

const FIRST_SHOWN = 30;

/** A copy's number in its colour. */
export function chip(number) {
  const what = number > 1 ? `span.chip.hue-${hue(number)}` : "span.chip.best";
  return element(what, null, element("span.hidden", null, "copy "), String(number));
}

/**
 * The list of copies.
 *
 * @param {import("./photo.js").Photo} photo
 * @param {{choose: Function, heard: Function}} stage where one is laid over the best copy
 */
export function copiesSection(photo, stage) {
  const list = element("ol.copies", { role: "list" });
  const more = firstOf(photo.copies.map((copy, place) => () => row(copy, place + 1, photo, stage)), FIRST_SHOWN, "copies", list);
  return element("section", { "aria-labelledby": "copies" }, element("h2", { id: "copies" }, "Copies"), list, more);
}

function row(copy, number, photo, stage) {
  const isBest = number === 1;
  const upload = copy.upload ? photo.copies.findIndex((other) => other.sha256 === copy.upload) + 1 : 0;
  const line = element("li.copy", { id: `copy-${number}`, tabindex: -1 },
    element("span.number", null, chip(number)),
    element("div.thumb", null, small(copy, { side: 320, alt: `Copy ${number}` })),
    element("div.words", null,
      element("p.sentence", null, stranger(isBest ? "the best copy" : copy.explanation || "not compared")),
      fileFacts(copy),
      copy.upload ? element("p.facts", null, `A size variant of ${upload ? `copy ${upload}` : `an upload, ${copy.upload.slice(0, 12)}`}`, copy.variant_evidence ? ": " : null, copy.variant_evidence ? stranger(copy.variant_evidence) : null) : null,
      isBest ? null : element("div.judge", null, compareButton(copy, number, stage),
        decisionBar({ decision: copy.decision, about: "Is it the same photo as the best copy?", pairs: () => [[photo.best.sha256, copy.sha256]] }))),
    facts([...measured(copy), ...embedded(copy.embedded)]));
  return line;
}

function compareButton(copy, number, stage) {
  const button = element("button", { type: "button", "aria-label": `Lay copy ${number} over the best copy`, click: () => stage.choose(stage.chosen === copy ? null : copy, { isSeen: true }) }, "Lay over the best copy");
  stage.heard((chosen) => button.setAttribute("aria-pressed", String(chosen === copy)));
  return button;
}
