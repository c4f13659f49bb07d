// The rater's desk: keys, kind refusals, active seconds. Without it the page is plain forms that work.
(() => {
  "use strict";
  const IDLE_AFTER = 30_000; // a rater who has not moved for this long is not working on the post
  const HOLD = 500; // a finger that rests this long wants to read, not to pick
  const KEPT = "Your picks are still here; please submit again.";
  const $ = (selector) => document.querySelector(selector);
  const form = () => $("#answer");
  const boxes = () => [...form().querySelectorAll("[name=picks]")];
  const nameOf = (box) => box.getAttribute("aria-label");
  const remembered = (name) => localStorage.getItem(`pathos-${name}`);
  const remember = (name, value) => localStorage.setItem(`pathos-${name}`, value);

  // A sentence is seen beside the buttons, and heard from a region that no swap ever replaces.
  function say(sentence) {
    $("#live").textContent = sentence;
    const message = $("#message");
    if (message) { message.textContent = sentence; message.hidden = !sentence; }
  }

  // Picks: the page refuses what the server would refuse, before anything is sent.
  function picked() {
    const names = boxes().filter((box) => box.checked).map(nameOf);
    return form().elements.other.value.trim() ? [...names, "Other"] : names;
  }
  const least = () => Number(form().dataset.least);
  const most = () => Number(form().dataset.most || Infinity);
  const tooMany = (names) => `Up to ${most()} count. First take one away: ${names.join(", ")}.`;
  function fault() {
    const names = picked();
    if (names.length > most()) return tooMany(names);
    if (names.length >= least()) return "";
    return `Please pick at least ${least() === 1 ? "one" : least()}, or skip the post.`;
  }
  function count() {
    const limit = Number.isFinite(most()) ? ` of ${most()}` : "";
    $("#count").textContent = `${picked().length}${limit} picked`;
  }
  function define(choice) {
    const definition = choice?.querySelector("small");
    if (!definition) return $("#definition").replaceChildren();
    const name = document.createElement("b");
    name.textContent = `${nameOf(choice.querySelector("input"))}: `;
    $("#definition").replaceChildren(name, definition.textContent);
  }
  document.addEventListener("change", ({ target }) => {
    if (target.id === "keys-on") remember("keys", target.checked ? "on" : "off");
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
  document.addEventListener("submit", (event) => {
    if (event.target !== form()) return;
    if (form().elements.seconds) form().elements.seconds.value = seconds();
    const sentence = fault();
    if (!sentence) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    say(sentence);
  }, true);

  // Definitions: on focus, hover and touch; a long touch reads without picking.
  let pressedAt = 0;
  for (const kind of ["focusin", "pointerover", "pointerdown"]) {
    document.addEventListener(kind, (event) => {
      const choice = event.target.closest?.(".choice");
      if (choice) define(choice);
    });
  }
  document.addEventListener("pointerdown", ({ pointerType }) => {
    pressedAt = pointerType === "touch" ? performance.now() : Infinity;
  });
  document.addEventListener("click", (event) => {
    const held = event.detail && performance.now() - pressedAt > HOLD; // no detail: a key did it
    if (held && event.target.closest(".choice")) event.preventDefault();
    act[event.target.closest("[data-does]")?.dataset.does]?.();
    for (const open of document.querySelectorAll(".actions details[open]")) {
      if (!open.contains(event.target)) open.open = false;
    }
  });

  // Keys: single ones only outside of fields, never with a modifier, and only while they are wanted.
  const act = {
    "?": () => $("#keys").showModal(),
    o: () => form().elements.other.focus(),
    s: () => unfold("#skip"),
    f: () => unfold("#flag"),
    v: () => { if ($("#veil")) $("#veil").open = true; },
    d: () => {
      const shown = getComputedStyle($("#definition")).display === "none";
      document.documentElement.dataset.definitions = shown ? "off" : "on";
      remember("definitions", shown ? "off" : "on");
    },
  };
  let cameFrom = null; // where Escape leads back to
  function unfold(name) {
    const details = $(name);
    if (!details?.matches("details")) return;
    cameFrom = document.activeElement;
    details.open = true;
    details.querySelector("input[type=radio]").focus();
  }
  function escape() {
    const open = $(".actions details[open]");
    if (open) {
      document.activeElement.blur();
      open.open = false;
      (cameFrom ?? open.querySelector("summary")).focus();
      cameFrom = null;
    } else if (document.activeElement.id === "other") toThePost();
  }
  document.addEventListener("keydown", (event) => {
    const { key: typed, target } = event;
    const modified = event.ctrlKey || event.altKey || event.metaKey || (event.shiftKey && typed !== "?");
    if (!form() || modified || event.repeat || event.isComposing || target.closest("dialog")) return;
    if (typed === "Escape") return escape();
    if (target.matches("input:not([type=checkbox])")) return;
    if (typed === "Enter" && !target.closest("a, button, summary, input")) return form().requestSubmit();
    if (remembered("keys") === "off") return;
    // The digit's place on the keyboard counts: some layouts type it only with Shift.
    const digit = typed === "?" ? null : /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
    const key = digit ?? typed.toLowerCase();
    const choice = document.querySelector(`.choice[data-key="${CSS.escape(key)}"]`);
    if (!choice && !act[key]) return;
    event.preventDefault();
    if (!choice) act[key]();
    else if (!form().matches(".htmx-request")) {
      define(choice);
      choice.querySelector("input").click();
    }
  });

  // Active seconds: while the page is in sight and its rater has moved within the last half minute.
  let active = 0, movedAt = performance.now(), tickedAt = performance.now();
  const seconds = () => Math.min(active / 1000, 86_400).toFixed(1);
  for (const kind of ["pointermove", "pointerdown", "keydown", "scroll", "wheel"]) {
    document.addEventListener(kind, () => { movedAt = performance.now(); }, { passive: true, capture: true });
  }
  setInterval(() => {
    const now = performance.now();
    if (document.visibilityState === "visible" && now - movedAt < IDLE_AFTER) active += now - tickedAt;
    tickedAt = now;
  }, 200);

  // A card begins: the clock at zero (or where a refused answer left it), the post's heading in focus.
  function begin({ focus }) {
    active = Number(form()?.elements.seconds?.value || 0) * 1000;
    if (form()) { count(); define(null); }
    const sentence = $("#message:not([hidden])") ?? $(".notices li");
    $("#live").textContent = sentence?.textContent ?? "";
    if (focus) toTheTop();
  }
  const toThePost = () => $("#post-heading").focus({ preventScroll: true });
  function toTheTop() {
    toThePost();
    if (matchMedia("(min-width: 64rem)").matches || !$(".desk-grid")) scrollTo(0, 0);
    else $(".desk-grid").scrollIntoView();
  }
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    // Whoever signed in again in another tab has a new token; what is on this page goes on working.
    const token = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1];
    if (token) detail.parameters.csrfmiddlewaretoken = token;
  });
  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    if (detail.target.id === "desk") begin({ focus: $("#message")?.hidden !== false });
    else if ($("#flag")?.dataset.says) {
      say($("#flag").dataset.says);
      toThePost();
    }
  });
  document.addEventListener("htmx:responseError", ({ detail: { xhr } }) => {
    const plain = xhr.status < 500 && /^text\/plain/.test(xhr.getResponseHeader("Content-Type") ?? "");
    say(plain ? xhr.responseText : `The server could not answer just now. ${KEPT}`);
  });
  for (const kind of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(kind, () => say(`No connection to the server. ${KEPT}`));
  }
  document.documentElement.dataset.definitions = remembered("definitions") ?? "auto";
  $("#keys-on").checked = remembered("keys") !== "off";
  begin({ focus: false });
})();
