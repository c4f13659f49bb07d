// Active seconds: while the page is in sight and its rater has moved within the last half minute.

const IDLE_AFTER = 30_000; // ms; a rater who has not moved for this long is not at work
const TICK = 200; // ms
const LONGEST = 24 * 3600; // s

let active = 0, movedAt = performance.now(), tickedAt = performance.now();
const listeners = [];

export function start(seconds = 0) {
  tick();
  active = seconds * 1000;
}
export function seconds() {
  tick();
  return Math.min(active / 1000, LONGEST).toFixed(1);
}
/** Calls back with every stretch of active milliseconds. */
export const whileActive = (listener) => listeners.push(listener);

function tick() {
  const now = performance.now();
  if (document.visibilityState === "visible" && now - movedAt < IDLE_AFTER) {
    const stretch = Math.min(now - tickedAt, 5 * TICK); // a laptop that slept was not at work
    active += stretch;
    for (const listener of listeners) listener(stretch);
  }
  tickedAt = now;
}
setInterval(tick, TICK);
for (const kind of ["pointermove", "pointerdown", "keydown", "scroll", "wheel"]) {
  document.addEventListener(kind, () => { movedAt = performance.now(); }, { passive: true, capture: true });
}
