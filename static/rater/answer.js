// A page with one post to answer, sent as a plain form: the quiz, and revising a judgement.
import { $, say } from "./page.js";
import * as clock from "./clock.js";
import { count, fault, form } from "./picks.js";
import "./keys.js";
import "./zoom.js";

document.addEventListener("submit", (event) => {
  if (event.target !== form()) return;
  if (form().elements.seconds) form().elements.seconds.value = clock.seconds();
  const sentence = fault();
  if (!sentence) return;
  event.preventDefault();
  say(sentence);
});

clock.start(Number(form().elements.seconds?.value || 0));
count();
$("#live").textContent = $("#message:not([hidden])")?.textContent ?? "";
