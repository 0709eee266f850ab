// Writing while another process holds the catalog: it is said who does, and tried again until it works or is given up.

import { element, stranger, warn } from "./dom.js";
import { counted } from "./words.js";

// Conflict: another process holds the catalog, and nothing was written.
const HELD = 409;

// The desk itself waits a few seconds for the other process each time that it is asked.
const TRY_AGAIN_MS = 3000;

/** What is not written yet, told in a place of the page. */
export class Held {
  /**
   * @param {HTMLElement} place
   * @param {() => HTMLElement} home where the focus goes when it was on what is taken away
   */
  constructor(place, home) {
    this.place = place;
    this.home = home;
    this.clear();
  }

  /** Whether something waits to be written. */
  get isTold() {
    return this.tries > 0;
  }

  /**
   * Do something that writes, again and again while another process holds the catalog; false where it was given up.
   *
   * @param {() => Promise<void>} write
   * @param {() => string} what names what is to be kept
   * @param {() => void} [heard] hears that it is not kept yet
   */
  async through(write, what, heard = () => {}) {
    for (;;) {
      try {
        await write();
        this.clear();
        return true;
      } catch (error) {
        if (error.status !== HELD) {
          this.clear();
          throw error;
        }
        const waiting = this.wait(error.told?.holder || "another process", what());
        heard();
        if (await waiting) continue;
        const told = `Given up: ${what()} was not kept.`;
        this.clear();
        if (this.place.isConnected) this.place.append(element("p.problem", { role: "status" }, told));
        else warn(told);
        return false;
      }
    }
  }

  /** Until it is to be tried again; false where it was given up, or is seen no more. */
  async wait(holder, what) {
    if (this.isGivenUp) return false;
    if (!this.isTold) this.draw();
    this.tries += 1;
    this.told.replaceChildren(element("strong", null, `${what} is not kept yet: nothing was written.`), " The catalog is in use by ", stranger(holder), ".");
    this.state.textContent = `Tried ${counted(this.tries, "time")}; again every ${TRY_AGAIN_MS / 1000} seconds.`;
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, TRY_AGAIN_MS);
      this.hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.state.textContent = "Trying again …";
    return !this.isGivenUp && this.place.isConnected;
  }

  draw() {
    this.told = element("p", { role: "alert" });
    this.state = element("span");
    this.place.replaceChildren(element("div.problem.held", null, this.told, element("p.ways-on", null,
      element("button", { type: "button", click: () => this.hurry() }, "Try again"),
      element("button", { type: "button", click: () => this.giveUp() }, "Give up"), this.state)));
  }

  giveUp() {
    this.isGivenUp = true;
    this.hurry();
  }

  /** Nothing waits to be written, and nothing is told. */
  clear() {
    this.tries = 0;
    this.isGivenUp = false;
    /** Try it now. */
    this.hurry = () => {};
    if (this.place.contains(document.activeElement)) this.home().focus();
    this.place.replaceChildren();
  }
}
