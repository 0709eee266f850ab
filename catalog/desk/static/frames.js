// Crop boxes over the best copy: which copy shows which part, and where the numbers stand.

import { drawn } from "./dom.js";
import { box as boxOf } from "./geometry.js";

/**
 * Some copies that show the same part.
 * @typedef {{numbers: number[], box: import("./geometry.js").Box, overlays: number[][], isWider: boolean}} Frame
 */

// Boxes whose edges all lie this near, as a share of the picture's sides, are drawn as one with several numbers.
const SAME_EDGE = 0.01;

// How many colours and strokes the style sheet knows.
const HUES = 8;
const DASHES = 4;

// The number's tag, where the picture is shown so wide.
const SHOWN_SIDE = 800;
const TAG_HEIGHT = 26;
const TAG_PADDING = 16;
const TAG_CHARACTER = 9;
const MOST_NAMED = 6;

/** The colour of a copy's number; the best copy is number 1 and has none. */
export function hue(number) {
  return (number - 2) % HUES;
}

/** The frames of numbered copies on a best copy, the largest first, so that small ones lie on top. @returns {Frame[]} */
export function framesOf(copies, best) {
  const frames = [];
  for (const { number, copy } of copies) {
    const box = shown(copy, best);
    if (!box) continue;
    let frame = frames.find((one) => isSame(one.box, box, best));
    if (!frame) frames.push((frame = { numbers: [], box, overlays: [], isWider: false }));
    frame.numbers.push(number);
    frame.isWider ||= copy.larger === "query";
    if (copy.larger === "asset") frame.overlays.push(...(copy.overlays ?? []));
  }
  return frames.sort((one, other) => other.box.width * other.box.height - one.box.width * one.box.height || one.numbers[0] - other.numbers[0]);
}

function shown(copy, best) {
  if (!copy.relation) return null;
  if (copy.larger === "query") return { x: 0, y: 0, width: best.width, height: best.height };
  const box = boxOf(copy.crop_box);
  return box.width > 0 && box.height > 0 ? box : null;
}

function isSame(one, other, best) {
  const near = (first, second, side) => Math.abs(first - second) <= SAME_EDGE * side;
  return near(one.x, other.x, best.width) && near(one.y, other.y, best.height)
    && near(one.x + one.width, other.x + other.width, best.width) && near(one.y + one.height, other.y + other.height, best.height);
}

/** The frames as they are drawn; each is a button that shows its first copy. */
export function drawFrames(frames, best, hatch, choose) {
  const unit = Math.max(best.width, best.height) / Math.min(SHOWN_SIDE, Math.max(best.width, best.height));
  const placed = [];
  return frames.map((frame) => {
    const tag = tagOf(frame, unit, placed);
    const first = frame.numbers[0];
    const { x, y, width, height } = frame.box;
    const says = `${frame.numbers.length > 1 ? "Copies" : "Copy"} ${ranges(frame.numbers)}: ${frame.isWider ? "wider than this picture" : `${width} by ${height} pixels at ${x}, ${y}`}`;
    return drawn(`g.frame.hue-${hue(first)}.dash-${hue(first) % DASHES}`, { role: "button", tabindex: 0, "aria-label": says, "data-copies": frame.numbers.join(" "),
      click: () => choose(first), keydown: (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        choose(first);
      } },
    ...["halo", "box"].map((name) => drawn(`rect.${name}`, { ...frame.box })),
    ...frame.overlays.map((one) => drawn("rect.overlay", { ...boxOf(one), fill: `url(#${hatch})` })),
    drawn("g", { transform: `translate(${tag.x} ${tag.y})` }, drawn("g.tag", null, drawn("rect", { width: tag.width, height: tag.height }),
      drawn("text", { x: tag.width / 2, y: tag.height * 0.71, "font-size": tag.height * 0.62, "text-anchor": "middle" }, tag.text))));
  });
}

/** The tag inside the upper left corner, moved aside while it would cover another. */
function tagOf(frame, unit, placed) {
  const { numbers, box } = frame;
  const all = ranges(numbers);
  const text = all.length > 2 * MOST_NAMED ? `${numbers[0]} +${numbers.length - 1}` : all;
  const tag = { text, x: box.x, y: box.y, width: (TAG_PADDING + TAG_CHARACTER * text.length) * unit, height: TAG_HEIGHT * unit };
  const isCovered = () => placed.some((other) => tag.x < other.x + other.width && other.x < tag.x + tag.width && tag.y < other.y + other.height && other.y < tag.y + tag.height);
  while (isCovered()) {
    tag.x += tag.width / 4;
    if (tag.x + tag.width > box.x + box.width) {
      tag.x = box.x;
      tag.y += tag.height / 4;
    }
    if (tag.y + tag.height > box.y + box.height) {
      tag.y = box.y;
      break;
    }
  }
  placed.push(tag);
  return tag;
}

/** Numbers in order, runs of three and more drawn together: "2–4, 7, 9". */
export function ranges(numbers) {
  const runs = [];
  for (const number of numbers) {
    if (runs.length && runs.at(-1).at(-1) === number - 1) runs.at(-1).push(number);
    else runs.push([number]);
  }
  return runs.map((run) => (run.length > 2 ? `${run[0]}–${run.at(-1)}` : run.join(", "))).join(", ");
}
