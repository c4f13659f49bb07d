// Links and buttons that show a key can be followed by it.
import { $ } from "./page.js";
import { areOn, isField, isPlain } from "./keys.js";

document.addEventListener("keydown", (event) => {
  if (!isPlain(event) || !areOn() || isField(event.target)) return;
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
  const link = $(`[data-key="${CSS.escape(digit ?? event.key)}"]`);
  if (!link) return;
  event.preventDefault();
  link.click();
});
