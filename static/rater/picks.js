// What is picked on the card. The page refuses what the server would refuse, before it is sent.
import { $, fill, say, says } from "./page.js";

const HOLD = 500; // ms; a finger that rests this long wants to read, not to pick

export const form = () => $("#answer");
const boxes = () => [...form().querySelectorAll("[name=picks]")];
const nameOf = (box) => box.getAttribute("aria-label");
const most = () => Number(form().dataset.most || Infinity);

function picked() {
  const names = boxes().filter((box) => box.checked).map(nameOf);
  return form().elements.other.value.trim() ? [...names, says.other] : names;
}

export const isUntouched = () => picked().length === 0;

const tooMany = (names) => fill(says.most, { number: most(), names: names.join(", ") });

/** Why the answer can't be sent as it is; empty when it can. */
export function fault() {
  const names = picked();
  if (names.length > most()) return tooMany(names);
  return names.length < Number(form().dataset.least) ? says.least : "";
}

/** The answer as the server takes it: pairs of field and value. */
export const answer = () => [...new FormData(form())].filter(([name]) => /^(picks|other)$/.test(name));

/** Shows an answer on the card, nothing being the empty one. */
export function put(fields) {
  const values = fields.filter(([name]) => name === "picks").map(([, value]) => value);
  for (const box of boxes()) box.checked = values.includes(box.value);
  form().elements.other.value = fields.find(([name]) => name === "other")?.[1] ?? "";
  count();
  define(null);
}

export function count() {
  const number = picked().length;
  const sentence = Number.isFinite(most()) ? says.picked_of : says.picked;
  $("#count").textContent = fill(sentence, { number, most: most() });
}

export function define(choice) {
  const definition = choice && $("small", choice);
  if (!definition) return $("#definition").replaceChildren();
  const name = document.createElement("b");
  name.textContent = `${nameOf($("input", choice))}: `;
  $("#definition").replaceChildren(name, definition.textContent);
}

document.addEventListener("change", ({ target }) => {
  if (target.name !== "picks") return;
  const names = picked();
  const refused = target.checked && names.length > most();
  if (refused) target.checked = false;
  say(refused ? tooMany(names.filter((name) => name !== nameOf(target))) : "");
  count();
});
document.addEventListener("input", ({ target }) => {
  if (target.id !== "other") return;
  say(picked().length > most() ? tooMany(picked()) : "");
  count();
});

// Definitions: on focus, hover and touch; a long touch reads without picking.
for (const kind of ["focusin", "pointerover", "pointerdown"]) {
  document.addEventListener(kind, ({ target }) => {
    const choice = target.closest?.(".choice");
    if (choice) define(choice);
  });
}
let pressedAt = Infinity;
document.addEventListener("pointerdown", ({ pointerType }) => {
  pressedAt = pointerType === "touch" ? performance.now() : Infinity;
});
document.addEventListener("click", (event) => {
  const held = event.detail && performance.now() - pressedAt > HOLD; // no detail: a key did it
  if (held && event.target.closest(".choice")) event.preventDefault();
});
