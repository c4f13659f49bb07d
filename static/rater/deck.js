// The post on the desk, and those fetched ahead. Only the post is exchanged; the affects stay.
import { $, say } from "./page.js";
import * as clock from "./clock.js";
import * as picks from "./picks.js";
import { fold, toThePost } from "./keys.js";

const desk = $("#desk"), grid = $("#card"), over = $("#over");
const isWide = matchMedia("(min-width: 64rem)");
let shown = Number(desk.dataset.assignment) || null; // assignment of the post on the desk
let ahead = []; // {id, html, answer?, sentence?}

export const current = () => shown;
export const held = () => [shown, ...ahead.map(({ id }) => id)].filter(Boolean);

/** Cards that the server has sent, less those whose answers are on their way. */
export function add(cards, unsent) {
  const known = new Set([...held(), ...unsent]);
  for (const card of cards.filter(({ id }) => !known.has(id))) {
    ahead.push(card);
    for (const image of parse(card.html).querySelectorAll("img")) new Image().src = image.src;
  }
}

/** Forgets cards that are no longer the rater's. True when the one on the desk is among them. */
export function keepOnly(ids) {
  ahead = ahead.filter(({ id }) => ids.includes(id));
  return shown !== null && !ids.includes(shown);
}

/** A card that comes next, with the answer that was not taken and why. */
export function bringBack(card) {
  ahead = [card, ...ahead.filter(({ id }) => id !== card.id)];
}

/** The next post takes its place on the desk; false when none is here yet. */
export function next() {
  const card = ahead.shift();
  const hadFocus = grid.contains(document.activeElement) || document.activeElement === document.body;
  shown = card?.id ?? null;
  $(".post", grid)?.remove();
  grid.hidden = !card;
  if (!card) {
    panel($("#on-its-way").content.cloneNode(true), hadFocus);
    return false;
  }
  over.hidden = true;
  grid.prepend(parse(card.html));
  for (const form of grid.querySelectorAll("form[action]")) {
    form.setAttribute("action", form.getAttribute("action").replace(/\d+/, card.id));
  }
  fold();
  $("#flagged").hidden = true;
  $("#flag").hidden = false;
  picks.put(card.answer ?? []);
  clock.start();
  say(card.sentence ?? "");
  toTheTop();
  return true;
}

/** Why there is no post, in the server's words. */
export const explain = (html) => panel(parse(html), true);

function panel(content, takesFocus) {
  over.replaceChildren(content);
  over.hidden = false;
  if (takesFocus) $("#over-heading").focus();
}

function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return document.importNode(template.content, true);
}

function toTheTop() {
  toThePost();
  if (isWide.matches) scrollTo(0, 0);
  else grid.scrollIntoView();
}
