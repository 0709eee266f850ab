// Two pictures laid over each other as the match says, and a slider that shows one or the other.

import { drawn, element, freshId } from "./dom.js";
import { around, box, corners, isWhole, marked, matrix, transformOf } from "./geometry.js";

/**
 * A picture that is laid over another or lies under it: where to get it, how large it is, and what it is called.
 * @typedef {{url: string | null, width: number, height: number, name: string}} Layer
 */

const HALF = 50;
const HATCH = 9;

/**
 * The comparison of a picture with a catalogued one.
 *
 * @param {Layer} over what was looked up
 * @param {Layer} under the catalogued picture
 * @param {import("./api.js").Shown} match how the one shows the other
 * @returns {HTMLElement}
 */
export function comparison(over, under, match) {
  const transform = over.url ? transformOf(match, over, under) : null;
  if (!transform) return framed(under, still(under));
  const seen = around(under, transform, over);
  const wipe = freshId("wipe");
  const hatch = freshId("hatch");
  const curtain = drawn("rect", { x: seen.x, y: seen.y, width: seen.width, height: seen.height });
  const upper = drawn("g.over", { "clip-path": `url(#${wipe})` },
    drawn("image", { href: over.url, width: over.width, height: over.height, transform: matrix(transform), preserveAspectRatio: "none" }));
  const line = drawn("g.wipe-line", null, drawn("path", { d: `M0 ${seen.y}v${seen.height}` }));
  const picture = drawn("svg.picture", { viewBox: viewBox(seen), width: seen.width, height: seen.height, role: "img",
    "aria-label": `${over.name} laid over ${under.name}` },
    drawn("defs", null, drawn("clipPath", { id: wipe }, curtain), hatching(hatch, seen)),
    image(under), shade(match, under), upper, marks(match, under, over, transform, hatch), line);
  const root = framed(seen, picture);
  root.append(controls(root, picture, over, under, (share) => draw(share, seen, curtain, upper, line)));
  return root;
}

/** A catalogued picture alone. */
export function still(layer) {
  return drawn("svg.picture", { viewBox: `0 0 ${layer.width} ${layer.height}`, width: layer.width, height: layer.height,
    role: "img", "aria-label": layer.name }, image(layer));
}

/** A drawing as wide as it can be without being higher than the window lets one see. */
export function framed({ width, height }, picture) {
  const root = element("div.comparison", null, element("div.stage", null, picture));
  root.style.setProperty("--shape", String(width / height));
  root.style.setProperty("--wide", `${width}px`);
  return root;
}

function image(layer) {
  return drawn("image.under", { href: layer.url, width: layer.width, height: layer.height, preserveAspectRatio: "none" });
}

function viewBox({ x, y, width, height }) {
  return `${x} ${y} ${width} ${height}`;
}

/** What the other picture does not show is darker. */
function shade(match, under) {
  const part = marked(match, under);
  if (isWhole(part, under)) return null;
  const hole = `M${part.x} ${part.y}h${part.width}v${part.height}h${-part.width}z`;
  return drawn("path.shade", { "fill-rule": "evenodd", d: `M0 0h${under.width}v${under.height}H0z${hole}` });
}

export function hatching(id, seen) {
  const step = (HATCH * seen.width) / 700;
  return drawn("pattern", { id, width: step, height: step, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    drawn("path.hatch", { d: `M0 0V${step}`, "stroke-width": step / 3 }));
}

/** The box of what is shown, the outline of the other picture where it is turned or larger, and what covers it. */
function marks(match, under, over, transform, hatch) {
  const part = marked(match, under);
  const outline = corners(transform, over).map((point) => point.map((value) => value.toFixed(1)).join(" ")).join("L");
  // Overlays are told in pixels of the larger picture.
  const moved = match.larger === "asset" ? null : matrix(transform);
  return drawn("g.marks", null,
    drawn("path.outline", { d: `M${outline}z` }),
    ...["halo", "box"].map((name) => drawn(`rect.${name}`, { ...part })),
    drawn("g", { transform: moved }, ...(match.overlays ?? []).map((one) =>
      drawn("rect.overlay", { ...box(one), fill: `url(#${hatch})` }, drawn("title", null, "covered or changed")))));
}

function draw(share, seen, curtain, upper, line) {
  const width = seen.width * share.wiped;
  curtain.setAttribute("width", width);
  upper.setAttribute("opacity", share.opacity);
  line.setAttribute("transform", `translate(${seen.x + width} 0)`);
  line.toggleAttribute("hidden", share.wiped <= 0 || share.wiped >= 1);
}

function controls(root, picture, over, under, show) {
  const slider = element("input.slider", { type: "range", min: 0, max: 100, value: HALF, step: 1, "aria-label": `How much of ${over.name} is shown` });
  const name = freshId("way");
  const ways = ["wipe", "fade"].map((way) => element("label.way", null,
    element("input", { type: "radio", name, value: way, checked: way === "wipe", change: () => update() }), way));
  const isMarked = element("input", { type: "checkbox", checked: true,
    change: () => root.classList.toggle("unmarked", !isMarked.checked) });

  function update() {
    const share = Number(slider.value) / 100;
    const isFading = ways[1].querySelector("input").checked;
    const told = Math.round(100 * (isFading ? 1 - share : share));
    slider.setAttribute("aria-valuetext", `${told} % ${over.name}, ${100 - told} % ${under.name}`);
    // Fading goes the same way as wiping looks: on the left is what was looked up.
    show(isFading ? { wiped: 1, opacity: 1 - share } : { wiped: share, opacity: 1 });
  }

  slider.addEventListener("input", update);
  drag(picture, slider);
  update();
  return element("div.controls", null,
    element("div.ends", { "aria-hidden": "true" }, element("span", null, over.name), element("span", null, under.name)), slider,
    element("div.ways", { role: "group", "aria-label": "How the two are shown" }, ...ways,
      element("label.way", null, isMarked, "marks")));
}

/** The slider follows a finger or a pointer on the picture. */
function drag(picture, slider) {
  const follow = (event) => {
    const { left, width } = picture.getBoundingClientRect();
    slider.value = String(Math.round((100 * (event.clientX - left)) / width));
    slider.dispatchEvent(new Event("input"));
  };
  picture.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    picture.setPointerCapture(event.pointerId);
    follow(event);
    slider.focus({ preventScroll: true });
    event.preventDefault();
  });
  picture.addEventListener("pointermove", (event) => {
    if (picture.hasPointerCapture(event.pointerId)) follow(event);
  });
}
