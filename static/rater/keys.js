// Single keys: only outside of fields, never with a modifier, and only while they are wanted.
import { $, remember, remembered } from "./page.js";
import { define, form } from "./picks.js";

const reachable = () => form() && !form().closest("[hidden]");

/** Whether a key press is meant for the page, and not for a field, a browser or a screen reader. */
export function isPlain({ key, target, ctrlKey, altKey, metaKey, shiftKey, repeat, isComposing }) {
  const modified = ctrlKey || altKey || metaKey || (shiftKey && key !== "?");
  return !modified && !repeat && !isComposing && !target.closest("dialog[open]");
}
export const areOn = () => remembered("keys") !== "off";
export const isField = (target) => target.matches("textarea, select, input:not([type=checkbox])");

/** What keys and buttons with data-does do, by name. */
export const acts = {
  "?": () => $("#keys").showModal(),
  o: () => form().elements.other.focus(),
  s: () => unfold("#skip"),
  f: () => unfold("#flag"),
  v: () => { if ($("#veil")) $("#veil").open = true; },
  z: () => $("[data-zoom]")?.click(),
  l: () => $("#last")?.click(),
  d: () => {
    const shown = getComputedStyle($("#definition")).display === "none";
    document.documentElement.dataset.definitions = shown ? "off" : "on";
    remember("definitions", shown ? "off" : "on");
  },
};

export const toThePost = () => $("#post-heading")?.focus({ preventScroll: true });

let cameFrom = null; // where Escape leads back to
function unfold(name) {
  const details = $(name);
  if (!details) return;
  cameFrom = document.activeElement;
  details.open = true;
  $("input[type=radio]", details).focus();
}
export function fold() {
  for (const open of document.querySelectorAll(".actions details[open]")) open.open = false;
}
function escape() {
  const open = $(".actions details[open], .support[open]");
  if (open) {
    document.activeElement.blur();
    open.open = false;
    (cameFrom ?? $("summary", open)).focus();
    cameFrom = null;
  } else if (document.activeElement.id === "other") toThePost();
}

document.addEventListener("keydown", (event) => {
  const { key: typed, target } = event;
  if (!isPlain(event) || !reachable()) return;
  if (typed === "Escape") return escape();
  if (isField(target)) return;
  if (typed === "Enter" && !target.closest("a, button, summary, input")) return form().requestSubmit();
  if (!areOn()) return;
  // The digit's place on the keyboard counts: some layouts type it only with Shift.
  const digit = typed === "?" ? null : /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
  const key = digit ?? typed.toLowerCase();
  const choice = $(`.choice[data-key="${CSS.escape(key)}"]`);
  if (!choice && !acts[key]) return;
  event.preventDefault();
  if (!choice) return acts[key]();
  define(choice);
  $("input", choice).click();
});
document.addEventListener("click", ({ target }) => {
  acts[target.closest("[data-does]")?.dataset.does]?.();
  for (const open of document.querySelectorAll(".actions details[open], .support[open]")) {
    if (!open.contains(target)) open.open = false;
  }
});
for (const dialog of document.querySelectorAll("dialog")) dialog.addEventListener("close", toThePost);
document.addEventListener("change", ({ target }) => {
  if (target.id === "keys-on") remember("keys", target.checked ? "on" : "off");
});
document.documentElement.dataset.definitions = remembered("definitions") ?? "auto";
if ($("#keys-on")) $("#keys-on").checked = areOn();
