// Where one picture lies in another. Numbers only; nothing here draws.

/** @typedef {{x: number, y: number, width: number, height: number}} Box */

// A picture that would lie in a corner of this much more is not worth seeing whole.
const MOST_BEYOND = 4;

/** @returns {Box} */
export function box([x, y, width, height]) {
  return { x, y, width, height };
}

/** Where a place of the query lies in the asset: `transform` is (a, b, c, d, e, f) with x' = a x + b y + c. */
export function placed([a, b, c, d, e, f], x, y) {
  return [a * x + b * y + c, d * x + e * y + f];
}

/** The same transform as drawings and style sheets write it. */
export function matrix([a, b, c, d, e, f]) {
  return `matrix(${a} ${d} ${b} ${e} ${c} ${f})`;
}

/** The transform of a match; where none was measured, the whole of one over the whole of the other. */
export function transformOf(match, query, asset) {
  if (match.transform?.length === 6 && match.transform.every(Number.isFinite)) return match.transform;
  return match.relation === "identical" ? [asset.width / query.width, 0, 0, 0, asset.height / query.height, 0] : null;
}

/** The corners of a picture of that size where they lie in the other. */
export function corners(transform, { width, height }) {
  return [[0, 0], [width, 0], [width, height], [0, height]].map(([x, y]) => placed(transform, x, y));
}

/**
 * What has to be seen so that both pictures are: the asset, and the query where it lies. Where that would be far more
 * than the asset it is cut.
 *
 * @returns {Box}
 */
export function around(asset, transform, query) {
  const points = corners(transform, query);
  const within = (value, side) => Math.min(Math.max(value, -MOST_BEYOND * side), (1 + MOST_BEYOND) * side);
  const xs = [0, asset.width, ...points.map(([x]) => within(x, asset.width))];
  const ys = [0, asset.height, ...points.map(([, y]) => within(y, asset.height))];
  const left = Math.floor(snapped(Math.min(...xs), 0, asset.width));
  const top = Math.floor(snapped(Math.min(...ys), 0, asset.height));
  const right = Math.ceil(snapped(Math.max(...xs), asset.width, asset.width));
  const bottom = Math.ceil(snapped(Math.max(...ys), asset.height, asset.height));
  return { x: left, y: top, width: right - left, height: bottom - top };
}

// An edge that lies within a hundredth of the asset's is the asset's: a transform is measured, not known.
function snapped(value, edge, side) {
  return Math.abs(value - edge) < side / 100 ? edge : value;
}

/** The part of the asset that is to be marked: what the query shows of it, or all of it where the query shows more. */
export function marked(match, asset) {
  const [, , width, height] = match.crop_box ?? [0, 0, 0, 0];
  const isPart = match.larger === "asset" && width > 0 && height > 0;
  return isPart ? box(match.crop_box) : { x: 0, y: 0, width: asset.width, height: asset.height };
}

/** Whether a box is as good as the whole of a picture. */
export function isWhole({ x, y, width, height }, asset) {
  return x <= asset.width / 100 && y <= asset.height / 100 && width >= 0.98 * asset.width && height >= 0.98 * asset.height;
}
