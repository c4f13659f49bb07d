// The desk: an answer is kept in the browser, the next post is there at once, and the server hears
// of it as soon as it can. Without this script the page is plain forms that work.
import { $, say, says } from "./page.js";
import * as clock from "./clock.js";
import * as deck from "./deck.js";
import * as outbox from "./outbox.js";
import * as picks from "./picks.js";
import * as rest from "./rest.js";
import * as sender from "./sender.js";
import { acts, fold, toThePost } from "./keys.js";
import "./zoom.js";

const PATIENCE = 2_000; // ms for which leaving the page waits for answers on their way
const desk = $("#desk");
const rater = desk.dataset.rater;
const hasCard = $("#card") !== null; // otherwise there was nothing to judge
const otherTabs = new BroadcastChannel("pathos-desk");
const unsent = new Map(); // key → assignment, of what this rater still has in the outbox
let moving = false, trouble = "";

/** Whether the entry ends the rater's work on its post; a flag does not. */
const isOver = ({ kind }) => kind === "answer" || kind === "skip";

/** Keeps what was said of the post on the desk; the server hears of it when it can. */
async function keep(kind, target, fields) {
  const entry = {
    key: outbox.newKey(),
    rater,
    kind,
    assignment: deck.current(),
    url: target.getAttribute("action"),
    fields: [...fields, ["seconds", clock.seconds()]],
    at: Date.now(),
  };
  unsent.set(entry.key, entry.assignment);
  await outbox.put(entry);
}

async function answer() {
  const sentence = picks.fault();
  if (sentence) return say(sentence);
  await keep("answer", picks.form(), picks.answer());
  moveOn();
}

async function giveReason(target) {
  const fields = [...new FormData(target)].filter(([name]) => name !== "csrfmiddlewaretoken");
  await keep(target.dataset.says, target, fields);
  if (target.dataset.says === "skip") return moveOn();
  target.reset();
  fold();
  [$("#flag").hidden, $("#flagged").hidden] = [true, false];
  say(says.flagged, "#word");
  toThePost();
}

function moveOn() {
  say("", "#word");
  if (!deck.next()) sender.ask();
  rest.suggest();
}

document.addEventListener("submit", async (event) => {
  const { target } = event;
  if (target !== picks.form() && !target.dataset.says) return;
  event.preventDefault();
  if (moving || deck.current() === null) return;
  moving = true;
  await ready;
  try {
    await (target.dataset.says ? giveReason(target) : answer());
  } finally {
    moving = false;
  }
  show();
  sender.flush();
});

/** What the server said to an entry, or to the wish for more posts. */
function hear(entry, status, body) {
  unsent.delete(entry.key);
  if (isOver(entry)) otherTabs.postMessage({ rater, done: entry.assignment });
  if (body.card) deck.bringBack({ ...body.card, answer: entry.fields, sentence: body.sentence });
  if (body.held) take(body);
  else if (entry.key && hasCard && deck.current() === null && !deck.next()) sender.ask();
  const word = status < 400 ? body.word : !body.card && body.sentence;
  if (word) say(word, "#word");
  show();
}

function take(turn) {
  $("#today").textContent = turn.today;
  if (!hasCard) return void (turn.held.length && location.reload());
  const isGone = deck.keepOnly(turn.held);
  deck.add(turn.cards, [...unsent.values()]);
  if (isGone && picks.isUntouched()) {
    deck.next();
    say(says.gone, "#word");
  } else if (deck.current() === null && !deck.next()) {
    if (turn.over) deck.explain(turn.over);
  }
}

/** How many posts to hold: those that the server has not heard of yet count as held. */
function wishes() {
  const waiting = new Set(unsent.values());
  waiting.delete(deck.current()); // flagged, and still to be judged
  const others = Math.max(0, waiting.size - 1); // the first of them is told right now
  return [
    ["have", [...deck.held(), ...waiting].join()],
    ["hold", 1 + Number(desk.dataset.ahead) + others],
  ];
}

/** A calm word on what waits, once something keeps it waiting. */
function show() {
  const number = Math.min(unsent.size, says.kept.length - 1);
  const kept = unsent.size ? `${says.kept[number]}. ` : "";
  const why = outbox.isOnlyInMemory() ? says.memory : says[trouble] ?? "";
  const isCalled = why && (unsent.size || deck.current() === null);
  if (isCalled) $("#waiting span").textContent = kept + why;
  $("#waiting a").hidden = trouble !== "signed_out";
  $("#waiting").hidden = !isCalled;
}

// Another tab of this rater has had this post: it need not be answered here as well.
otherTabs.onmessage = ({ data }) => {
  if (data.rater !== rater || !deck.held().includes(data.done)) return;
  const isGone = deck.keepOnly(deck.held().filter((id) => id !== data.done));
  if (isGone && picks.isUntouched() && !deck.next()) sender.ask();
};

// Leaving by one of our own links waits a moment for answers on their way.
for (const kind of ["click", "submit"]) {
  document.addEventListener(kind, async (event) => {
    const leaving = event.target.closest("a[data-after-sending], form[data-after-sending], form.who");
    const isWay = leaving && (kind === "submit") === leaving.matches("form");
    if (!isWay || event.defaultPrevented || !unsent.size) return;
    event.preventDefault();
    const patience = performance.now() + PATIENCE;
    while (unsent.size && performance.now() < patience && !trouble) await pause(20);
    if (kind === "submit") leaving.submit();
    else location.href = leaving.href;
  });
}
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

acts.rested = () => {
  rest.rested();
  toThePost();
};

/** What an earlier page of this rater could not send any more. */
const ready = outbox.of(rater).then((entries) => {
  for (const { key, assignment } of entries) unsent.set(key, assignment);
  if (entries.some((one) => isOver(one) && one.assignment === deck.current())) deck.next();
});
if (hasCard) {
  clock.start(Number(picks.form().elements.seconds.value || 0));
  picks.count();
}
const sentence = $("#message:not([hidden])") ?? $(".notices li");
if (sentence) $("#live").textContent = sentence.textContent;
await ready; // whoever sends has to know what is on its way already
sender.begin({
  rater,
  aheadUrl: desk.dataset.aheadUrl,
  wishes,
  hear,
  state: (why) => { trouble = why; show(); },
});
sender.ask();
