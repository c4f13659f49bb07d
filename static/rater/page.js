// What every part needs: the page's elements, its sentences, and what this browser remembers.

export const $ = (selector, within = document) => within.querySelector(selector);

/** The sentences of annotation.cards.says, in the rater's language. */
export const says = JSON.parse($("#says")?.textContent ?? "{}");

export const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);

/** A sentence is seen in its place, and heard from a region that no exchange of cards replaces. */
export function say(sentence, place = "#message") {
  const shown = $(place);
  if (!sentence && shown.hidden) return;
  $("#live").textContent = sentence;
  shown.textContent = sentence;
  shown.hidden = !sentence;
}

// A browser that keeps nothing still works: it forgets.
export function remembered(name, storage = "localStorage") {
  try { return window[storage].getItem(`pathos-${name}`); } catch { return null; }
}
export function remember(name, value, storage = "localStorage") {
  try { window[storage].setItem(`pathos-${name}`, value); } catch { /* asked again next time */ }
}
