// Suggests a break after so many minutes of work. A long pause is one, whoever suggested it.
import { $, remember, remembered } from "./page.js";
import { whileActive } from "./clock.js";

const PAUSE = 5 * 60_000; // ms without work that count as a break
const limit = Number($("#desk")?.dataset.breakMinutes || Infinity) * 60_000;
let [worked, last] = (remembered("worked", "sessionStorage") ?? "0 0").split(" ").map(Number);

whileActive((stretch) => {
  const now = Date.now();
  worked = now - last > PAUSE ? stretch : worked + stretch;
  last = now;
  remember("worked", `${worked} ${last}`, "sessionStorage");
});

/** To be called between two posts: in the middle of one, nobody wants to hear it. */
export function suggest() {
  if (worked >= limit) $("#break").hidden = false;
}

export function rested() {
  worked = 0;
  $("#break").hidden = true;
}
