// What a look-up came to: the verdict, then every photograph that was found, laid over what was asked for.

import { get, post, thumbnail } from "./api.js";
import { comparison, framed, still } from "./compare.js";
import { decisionBar } from "./decide.js";
import { announce, element, freshId, stranger } from "./dom.js";
import { nameOf, others, photographs } from "./groups.js";
import { download, embedded, facts, fileFacts, firstOf, measured, photoAddress, problem, small, unshown } from "./parts.js";
import { usesTable } from "./uses.js";
import { counted, covers, cut, gaps, plain } from "./words.js";

/** @typedef {import("./api.js").Answer} Answer */
/** @typedef {import("./groups.js").Photograph} Photograph */

const STAGE_SIDE = 1024;
const HEADLINE_CHARACTERS = 140;
const MOST_PHOTOGRAPHS = 8;
const MOST_COPIES = 11;

const POSSIBLE = "The same scene in another frame, or only a hash that agrees. Look at it before you use it.";
const NOWHERE = "No picture of this catalog shows this";
const ANOTHER = { sibling: "Another frame of the same scene", "shared element": "Only an element in common" };
const OTHERS = "Not the same photo, or not known to be";

/**
 * The answer as it is drawn.
 *
 * @param {Answer} answer
 * @param {{name: string, again: () => Promise<Answer>}} asked what was asked for, and how to ask for it anew
 */
export function answerView(answer, { name, again }) {
  const verdict = element("div.verdict-place", null, verdictOf(answer, name));
  const aside = element("div", null, setAside(answer, takenBack));
  const place = element("div", null, ...found(answer, refresh));

  async function refresh() {
    const now = await again();
    verdict.replaceChildren(verdictOf(now, name));
    const isOpen = Boolean(aside.querySelector("details")?.open);
    aside.replaceChildren(setAside(now, takenBack, isOpen) ?? "");
    return now;
  }

  /** What is no longer set aside is a match again. */
  async function takenBack() {
    place.replaceChildren(...found(await refresh(), refresh));
    (aside.querySelector("summary") ?? document.querySelector("#main")).focus();
  }

  return element("article.answer", null, verdict, aside, place);
}

/** The photographs, what is not known to be the same after them, and the buttons that show more of either. */
function found(answer, refresh) {
  const same = photographs(answer).map((one) => () => photographView(one, answer, refresh));
  // Where the photo itself was found the others are told in short.
  const another = others(answer).map((one) => () => (same.length ? shortView(one) : photographView(one, answer, refresh)));
  const parts = [...shown(same, "photographs")];
  if (another.length) parts.push(element("h2.others", null, OTHERS), ...shown(another, "pictures"));
  return parts;
}

function shown(makers, name) {
  const list = element("div.found");
  const more = firstOf(makers, MOST_PHOTOGRAPHS, name, list);
  return more ? [list, more] : [list];
}

/** The line that is read first and said aloud: "used: 15 uses on 6 sites in 6 copies, earliest observed …". */
export function verdictText(answer) {
  const sum = summaryOf(answer);
  return sum ? `${answer.verdict}: ${sum}` : answer.verdict;
}

/** The line that sums the photograph up, as the command has it; where there are several each says it of itself. */
function summaryOf({ photos }) {
  return photos.length > 1 ? `it shows ${counted(photos.length, "photograph")}, each told by itself` : (photos[0]?.summary ?? "");
}

function verdictOf(answer, name) {
  return element("div.verdict", { "data-verdict": answer.verdict },
    queryPicture(answer, name),
    element("div", null,
      element("p.asked", null, stranger(plain(name, 100))),
      element("h1", null, answer.verdict),
      told(answer),
      answer.decoded < 1 ? element("p.note", null, `What was looked up: ${cut(answer.decoded)}.`) : null,
      element("p.covers", null, `Compared with ${covers(answer.coverage)}.`)));
}

function told(answer) {
  if (answer.verdict === "possible") return element("p.told", null, POSSIBLE);
  if (answer.verdict !== "used") return element("p.told", null, `${[NOWHERE, gaps({ ...answer.coverage, uncompared: 0 })].filter(Boolean).join("; ")}.`);
  return element("p.told", null, stranger(summaryOf(answer)), ".");
}

function queryPicture({ picture }, name) {
  if (!picture?.url) return null;
  const scale = Math.min(1, STAGE_SIDE / Math.max(picture.width, picture.height));
  return element("img.asked-for", { src: picture.url, alt: `What was looked up: ${plain(name, 80)}`,
    width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
}

/** One photograph that was found: compared, explained, decided on, and every use of it. @param {Photograph} one */
function photographView(one, answer, refresh) {
  const id = freshId("photograph");
  const headline = plain(nameOf(one.uses, one.main.asset), HEADLINE_CHARACTERS);
  const place = element("div.look");
  const chips = new Map(one.matches.map((match, number) => [match.asset, number + 1]));
  const show = (match) => place.replaceChildren(...compared(match, one, answer, refresh));
  show(one.main);
  return element(one.isSame ? "section.photograph" : "section.photograph.another", { "aria-labelledby": id },
    element("header", null,
      one.isSame ? null : element("p.kind", null, ANOTHER[one.main.relation] ?? "Possibly this photo"),
      element("h2", { id }, element("a", { href: photoAddress(one.main.asset) }, stranger(headline))),
      element("p.summary", null, stranger(one.summary))),
    place,
    one.matches.length > 1 ? strip(one, chips, show) : null,
    element("h3", null, one.uses.length ? "Uses, in order of time" : "No page is known to use it"),
    one.uses.length ? usesTable(one.uses, { chip: one.matches.length > 1 ? (sha256) => chip(chips.get(sha256)) : undefined }) : null);
}

/** A picture that is not known to be the photo, in short. @param {Photograph} one */
function shortView(one) {
  const match = one.main;
  return element("section.photograph.another.short", null,
    element("a", { href: photoAddress(match.asset) }, small({ ...match, sha256: match.asset }, { side: 160 })),
    element("div", null,
      element("p.kind", null, ANOTHER[match.relation] ?? "Possibly this photo"),
      element("p.sentence", null, stranger(match.explanation)),
      element("p.summary", null, element("a", { href: photoAddress(match.asset) }, stranger(plain(nameOf(one.uses, match.asset), HEADLINE_CHARACTERS))), " · ", one.summary)));
}

function chip(number) {
  return element(number === 1 ? "span.chip.best" : "span.chip", null, element("span.hidden", null, "copy "), String(number));
}

/** @param {import("./api.js").Match} match */
function compared(match, one, answer, refresh) {
  const name = one.isBest && match === one.main ? "best copy" : "catalogued copy";
  const under = { url: thumbnail(match.asset, STAGE_SIDE), width: match.width, height: match.height, name };
  const { picture } = answer;
  const over = picture ? { url: picture.url, width: picture.width, height: picture.height, name: "looked-up picture" } : null;
  const stage = () => over ? comparison(over, under, match) : framed(under, still(under));
  return [
    match.reason ? unshown(match) : stage(),
    element("div.panel", null,
      element("p.sentence", null, stranger(match.explanation)),
      fileFacts({ ...match, sha256: match.asset, length: 0 }),
      picture && picture.sha256 !== match.asset ? decision(match, one, picture.sha256, refresh) : null,
      facts([...measured(match), ...embedded(match.embedded)]),
      element("p.ways-on", null, element("a.button", { href: photoAddress(match.asset) }, "All about this photo"), " ",
        download({ sha256: match.asset }))),
  ];
}

/** What is decided to be another photo is so for every copy; that it is the same is said of the one that is seen. */
function decision(match, one, sha256, refresh) {
  return decisionBar({
    decision: match.decision,
    pairs: (value) => (value === "different" ? one.matches.map((copy) => copy.asset) : [match.asset])
      .filter((asset) => asset !== sha256).map((asset) => [sha256, asset]),
    decided: (value) => {
      for (const copy of one.matches) if (value !== "same" || copy === match) copy.decision = value;
      refresh();
    },
  });
}

/** Every copy, to be laid over what was looked up: those that it shows itself, then those that belong to them. */
function strip(one, chips, show) {
  const list = element("ul.strip", { role: "list" });
  const buttons = [];
  const makers = one.matches.map((match) => () => {
    const button = element("button.copy-choice", { type: "button", "aria-pressed": String(match === one.main), click: () => {
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
      show(match);
    } },
    small({ ...match, sha256: match.asset }, { side: 160 }),
    element("span.caption", null, chip(chips.get(match.asset)), " ", stranger(match.explanation)));
    buttons.push(button);
    return element("li", null, button);
  });
  const more = firstOf(makers, MOST_COPIES, "copies", list);
  return element("div", null, element("h3", null, "Copies"), list, more);
}

/** What was decided to be different, so that it can be taken back. */
function setAside(answer, takenBack, isOpen = false) {
  if (!answer.set_aside) return null;
  const list = element("ul.aside-list", { role: "list" });
  const details = element("details.aside", { open: isOpen, toggle: () => {
    if (details.open && !list.children.length) fill(answer, list, takenBack);
  } }, element("summary", null, `${counted(answer.set_aside, "match", "matches")} set aside: decided to be different pictures`), list);
  return details;
}

async function fill(answer, list, takenBack) {
  try {
    const { decisions } = await get("decisions");
    const { sha256 } = answer.picture;
    const others = decisions.filter((one) => one.decision === "different" && [one.first, one.second].includes(sha256))
      .map((one) => (one.first === sha256 ? one.second : one.first));
    if (others.length > 1) list.append(element("li.all", null, takeAllBack(sha256, others, takenBack)));
    for (const other of others) {
      const asset = await get(`assets/${other}`).catch(() => null);
      if (!asset) continue;
      list.append(element("li", null, element("a", { href: photoAddress(other) }, small(asset, { side: 160, alt: "A picture set aside" })),
        decisionBar({ decision: "different", pairs: () => [[sha256, other]], decided: takenBack })));
    }
  } catch (error) {
    list.replaceChildren(problem(error));
  }
}

/** One press said that every copy is another photo; one press takes that back. */
function takeAllBack(sha256, others, takenBack) {
  const trouble = element("div");
  const left = [...others];
  const button = element("button", { type: "button", click: async () => {
    if (button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true");
    try {
      for (; left.length; left.shift()) await post("decisions", { first: sha256, second: left[0], decision: "undecided" });
      announce("Kept: undecided");
      await takenBack();
    } catch (error) {
      trouble.replaceChildren(problem(error));
    }
    button.removeAttribute("aria-disabled");
  } }, `Take all ${counted(others.length, "decision")} back`);
  return element("div", null, button, trouble);
}
