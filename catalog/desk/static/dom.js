// Making elements. Text enters as text only; nothing here or elsewhere in the desk parses markup into the page.

const SVG = "http://www.w3.org/2000/svg";

/**
 * An element: `element("a.plain", { href }, "text", other)`. Functions among the attributes are listeners, `true` is an
 * attribute without a value, and what is null, undefined or false is left out, children too.
 *
 * @param {string} what its name, and classes after dots
 * @param {Record<string, unknown> | null} [attributes]
 * @param {...(Node | string | number | null | undefined | false)} children
 * @returns {HTMLElement}
 */
export function element(what, attributes, ...children) {
  const [name, ...classes] = what.split(".");
  return filled(document.createElement(name), classes, attributes, children);
}

/**
 * The same for a drawing.
 *
 * @param {string} what
 * @param {Record<string, unknown> | null} [attributes]
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {SVGElement}
 */
export function drawn(what, attributes, ...children) {
  const [name, ...classes] = what.split(".");
  return filled(document.createElementNS(SVG, name), classes, attributes, children);
}

function filled(made, classes, attributes, children) {
  if (classes.length) made.classList.add(...classes);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(name, String(value));
  }
  made.append(...children.filter(isShown).map((child) => (typeof child === "number" ? String(child) : child)));
  return made;
}

function isShown(child) {
  return child !== null && child !== undefined && child !== false && child !== "";
}

/** A stranger's text, whose direction stays its own. */
export function stranger(text) {
  return element("bdi", null, text);
}

/** Say something to those who do not see the page; the same words twice are said twice. */
export function announce(text) {
  const place = document.querySelector("#said");
  place.textContent = place.textContent === text ? `${text}\u00a0` : text;
}

/** Say above the view, whichever is seen, what did not work. */
export function warn(text) {
  const main = document.querySelector("#main");
  main.querySelector(".refused")?.remove();
  const told = element("p.problem.refused", { role: "alert" }, text);
  main.prepend(told);
  told.scrollIntoView({ block: "nearest" });
}

let counter = 0;

/** A name that no other element has. */
export function freshId(begins) {
  counter += 1;
  return `${begins}-${counter}`;
}
