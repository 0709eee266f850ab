// The spread of a photograph over time as a drawing: one lane a site, a dot a use, an axis with dates.

import { drawn, element, freshId } from "./dom.js";
import { timeOf } from "./groups.js";
import { counted, hours, moment, plain } from "./words.js";

// Beyond so many sites a drawing is no longer read; the later ones share a lane.
const MOST_LANES = 40;

const WIDTH = 960;
const LEFT = 210;
const RIGHT = 28;
const TOP = 8;
const LANE_HEIGHT = 26;
const AXIS_HEIGHT = 34;
const SITE_CHARACTERS = 24;

// Uses of a site that would lie nearer than this are one dot, larger.
const DOT_ROOM = 9;
const DOT_RADIUS = 4.5;
const MOST_RADIUS = 9;

// Steps of the axis in hours, the first that gives so few marks is taken.
const STEPS = [1, 2, 3, 6, 12, 24, 48, 96, 168, 336, 672, 1344, 2688, 4380, 8760, 17520, 43800, 87600];
const MOST_MARKS = 7;
const HOUR_MS = 3600 * 1000;

const HOURLY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZone: "UTC" });
const DAILY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

/** The drawing; null where no use has a date. @param {import("./api.js").Usage[]} uses */
export function timeline(uses) {
  const dated = uses.map((use) => ({ use, at: milliseconds(timeOf(use)) })).filter((one) => !Number.isNaN(one.at));
  if (!dated.length) return null;
  const start = Math.min(...dated.map((one) => one.at));
  const span = Math.max(...dated.map((one) => one.at)) - start;
  const x = (at) => LEFT + (span ? ((WIDTH - LEFT - RIGHT) * (at - start)) / span : 0);
  const lanes = lanesOf(dated);
  const bottom = TOP + LANE_HEIGHT * lanes.length;
  const name = freshId("timeline");
  const drawing = drawn("svg.timeline", { viewBox: `0 0 ${WIDTH} ${bottom + AXIS_HEIGHT}`, width: WIDTH, height: bottom + AXIS_HEIGHT, role: "img", "aria-labelledby": name },
    drawn("title", { id: name }, `Timeline of the uses, one line a site, from ${moment(timeOf(dated[0].use))}${span ? ` over ${hours(span / HOUR_MS)}` : ""}. The table below tells the same.`),
    ...marks(start, span).flatMap(({ at, text }) => [
      drawn("path.grid", { d: `M${x(at)} 0V${bottom}` }),
      drawn("text.mark", { x: x(at), y: bottom + 20, "text-anchor": "middle" }, text)]),
    ...lanes.map((lane, number) => laneOf(lane, TOP + LANE_HEIGHT * (number + 0.5), x, start)));
  const undated = uses.length - dated.length;
  return element("div", null, element("div.scroll", { tabindex: 0, role: "region", "aria-label": "Timeline" }, drawing),
    undated ? element("p.note", null, `${counted(undated, "use")} without a date ${undated === 1 ? "is" : "are"} not drawn.`) : null);
}

function milliseconds(text) {
  const isLocal = /T[\d:.]+$/.test(text);
  return Date.parse(isLocal ? `${text}Z` : text);
}

function lanesOf(dated) {
  const bySite = new Map();
  for (const one of [...dated].sort((first, second) => first.at - second.at)) {
    const site = one.use.site || one.use.page;
    bySite.set(site, [...(bySite.get(site) ?? []), one]);
  }
  const lanes = [...bySite].map(([site, ones]) => ({ name: plain(site, SITE_CHARACTERS), ones, isRest: false }));
  if (lanes.length <= MOST_LANES + 1) return lanes;
  const rest = lanes.slice(MOST_LANES).flatMap((lane) => lane.ones).sort((one, other) => one.at - other.at);
  return [...lanes.slice(0, MOST_LANES), { name: counted(lanes.length - MOST_LANES, "more site"), ones: rest, isRest: true }];
}

function laneOf(lane, y, x, start) {
  const dots = dotsOf(lane.ones, x);
  return drawn(lane.isRest ? "g.lane.rest" : "g.lane", null,
    drawn("text", { x: LEFT - 18, y: y + 4, "text-anchor": "end" }, lane.name),
    drawn("path", { d: `M${dots[0].x} ${y}H${dots.at(-1).x}` }),
    ...dots.map((dot) => drawn(dot.ones[0].at === start ? "circle.earliest" : "circle", { cx: dot.x, cy: y, r: Math.min(MOST_RADIUS, DOT_RADIUS + 0.8 * Math.sqrt(dot.ones.length - 1)) },
      drawn("title", null, says(dot.ones, start)))));
}

function dotsOf(ones, x) {
  const dots = [];
  for (const one of ones) {
    const place = x(one.at);
    if (dots.length && place - dots.at(-1).x < DOT_ROOM) dots.at(-1).ones.push(one);
    else dots.push({ x: place, ones: [one] });
  }
  return dots;
}

function says(ones, start) {
  const [first, last] = [ones[0], ones.at(-1)];
  const site = plain(first.use.site, 80);
  if (ones.length > 1) return `${site}, ${counted(ones.length, "use")} from ${moment(timeOf(first.use))} to ${moment(timeOf(last.use))}`;
  const after = first.at === start ? "earliest observed" : `${hours((first.at - start) / HOUR_MS)} after the earliest`;
  return `${site}, ${moment(timeOf(first.use))}, ${after}`;
}

/** Marks at round times. */
function marks(start, span) {
  const inHours = span / HOUR_MS;
  const step = STEPS.find((one) => inHours / one < MOST_MARKS) ?? STEPS.at(-1);
  const format = step < 24 ? HOURLY : DAILY;
  const midnight = Math.floor(start / (24 * HOUR_MS)) * 24 * HOUR_MS;
  const found = [];
  for (let at = midnight; at <= start + span; at += step * HOUR_MS) {
    if (at >= start) found.push({ at, text: format.format(at).replace(",", "") });
  }
  return found.length ? found : [{ at: start, text: HOURLY.format(start).replace(",", "") }];
}
