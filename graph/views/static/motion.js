// From one picture to the next: dots glide to their places, for those who do not mind motion.

/** @typedef {import("./scene.js").Picture} Picture */

const LASTS = 380;
const MOST_MOVING = 120;

/**
 * Whether to glide from one picture to another rather than to jump.
 * @param {Picture | null} from
 * @param {Picture} to
 */
export function glides(from, to) {
  if (!from || from.spots.length !== to.spots.length || to.spots.length > MOST_MOVING) return false;
  if (from.frame.width !== to.frame.width || from.frame.height !== to.frame.height) return false;
  if (document.hidden || matchMedia("(prefers-reduced-motion: reduce)").matches) return false;
  return to.spots.some((spot, i) => Math.hypot(spot.x - from.spots[i].x, spot.y - from.spots[i].y) > 1);
}

/**
 * The picture on its way; lines, colours and words are already those of the end.
 * @param {Picture} from @param {Picture} to @param {number} part from 0 to 1
 * @returns {Picture}
 */
export function between(from, to, part) {
  const eased = part * part * (3 - 2 * part);
  /** @param {number} a @param {number} b */
  const mix = (a, b) => a + (b - a) * eased;
  return {
    ...to,
    spots: to.spots.map((spot, i) => (spot.known && from.spots[i].known
      ? { x: mix(from.spots[i].x, spot.x), y: mix(from.spots[i].y, spot.y), known: true } : spot)),
    radii: to.radii.map((radius, i) => mix(from.radii[i], radius)),
  };
}

/**
 * Call `step` with the part of the way until it is done; returns how to stop it.
 * @param {(part: number) => void} step
 * @returns {() => void}
 */
export function animate(step) {
  const started = performance.now();
  let frame = 0;
  const tick = () => {
    const part = Math.min(1, (performance.now() - started) / LASTS);
    step(part);
    if (part < 1) frame = requestAnimationFrame(tick);
  };
  frame = requestAnimationFrame(tick);
  return () => cancelAnimationFrame(frame);
}
