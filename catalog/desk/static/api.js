// Asking the desk. Every answer is JSON; what went wrong is a Problem whose text is fit to be read.

/**
 * A usage as answers tell it.
 * @typedef {{asset?: string, site: string, page: string, title: string, published: string, uploaded?: string,
 *   first_seen: string, last_seen: string, withdrawn: string, page_state?: string | null, caption: string,
 *   caption_field: string, alt: string, credit: string, credit_field: string, credits: {name: string, role: string}[],
 *   role: string, url: string, hours_after_earliest?: number | null, reuse?: boolean, substitute?: string | null}} Usage
 *
 * How one picture shows another: `transform` takes its pixels to the other's.
 * @typedef {{relation: string | null, kept: number, beyond: number, larger: "asset" | "query", mirrored: boolean,
 *   crop_box: number[], overlays: number[][], transform: number[], rotation: number, scale: number, inliers: number,
 *   blocks_agreeing: number, blocks_compared: number}} Shown
 *
 * How a look-up shows a copy, or a picture that is not known to be the same; `through` names the copy by which it does.
 * @typedef {Shown & {asset: string, decision: string | null, explanation: string, width: number, height: number,
 *   embedded: Record<string, {text: string, field: string}>, usages: Usage[], through?: string | null}} Match
 *
 * One photograph that a look-up shows, as `photodesk lookup --json` tells it.
 * @typedef {{id: string, best: string, why_best: string, summary: string, copies: any[], uses: Usage[]}} Photo
 *
 * @typedef {{sha256: string, width: number, height: number, url: string | null}} Picture
 *
 * @typedef {{id: string | null, query: string, verdict: string, coverage: object, photos: Photo[], others: Match[],
 *   set_aside: number, picture: Picture | null}} Answer
 */

const ROOT = "/api/v1";

// A desk whose workers are all taken says when to come again; so often it is asked.
const MOST_TRIES = 5;

/** What the desk answers when it cannot do what was asked; `told` are the members of the answer. */
export class Problem extends Error {
  constructor(status, detail, told = {}) {
    super(detail);
    this.status = status;
    this.told = told;
  }
}

/** The path of an answer, with what is asked for; empty values are left out. */
export function path(route, query = {}) {
  const told = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== "" && value !== null && value !== undefined));
  return `${ROOT}/${route}${told.size ? `?${told}` : ""}`;
}

export function thumbnail(sha256, side) {
  return path(`assets/${sha256}/thumbnail`, { side });
}

export function original(sha256) {
  return path(`assets/${sha256}/original`);
}

export function evidence(cluster) {
  return path(`clusters/${cluster}/evidence`);
}

/** An answer. @returns {Promise<any>} */
export function get(route, query = {}, signal = undefined) {
  return asked(path(route, query), { signal });
}

export function post(route, value, signal = undefined) {
  const headers = { "Content-Type": "application/json" };
  return asked(path(route), { method: "POST", headers, body: JSON.stringify(value), signal });
}

export function cancel(route) {
  return asked(path(route), { method: "DELETE" });
}

/** Look a file up; its name goes along to be shown. @returns {Promise<Answer>} */
export function upload(file, signal = undefined) {
  const body = new FormData();
  body.append("picture", file, file.name || "picture");
  return asked(path("lookups"), { method: "POST", body, signal });
}

async function asked(address, options) {
  for (let tries = 1; ; tries += 1) {
    const response = await answered(address, options);
    const wait = Number(response.headers.get("Retry-After"));
    if (response.status === 503 && wait > 0 && tries < MOST_TRIES) {
      await pause(wait * 1000, options.signal);
      continue;
    }
    if (response.status === 401) location.assign(`/token?to=${encodeURIComponent(location.pathname + location.search)}`);
    if (!response.ok) throw await problemOf(response);
    return response.json();
  }
}

async function answered(address, options) {
  try {
    return await fetch(address, { ...options, headers: { Accept: "application/json", ...options.headers } });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, "The desk does not answer. Is photodesk serve still running?");
  }
}

async function problemOf(response) {
  try {
    const told = await response.json();
    return new Problem(response.status, told.detail || told.title, told);
  } catch {
    return new Problem(response.status, `${response.status} ${response.statusText}`.trim());
  }
}

function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
