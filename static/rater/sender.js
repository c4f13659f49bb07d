// Sends what the outbox holds, one after the other, until the server has confirmed it.
import * as outbox from "./outbox.js";

const PATIENCE = 20_000; // ms until a server that says nothing counts as gone
const SLOWEST = 15_000; // ms between two tries at most

let busy = false, asking = false, failures = 0, timer = null;
let page; // {rater, aheadUrl, wishes(), hear(entry, status, body), state(why)}

/** `page.hear` gets every answer of the server, `page.state` why nothing gets through, or "". */
export function begin(desk) {
  page = desk;
  addEventListener("online", flush);
  addEventListener("focus", flush);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") flush();
  });
}

/** Asks for posts to have ahead, after all that is to be sent. */
export function ask() {
  asking = true;
  return flush();
}

/** Sends all there is to send. Does nothing while that is going on already. */
export async function flush() {
  if (busy) return;
  busy = true;
  clearTimeout(timer);
  try {
    for (let entry = await next(); entry; entry = await next()) {
      if (!(await deliver(entry))) break;
    }
  } finally {
    busy = false;
  }
}

async function next() {
  const [first] = await outbox.of(page.rater);
  return first ?? (asking ? { url: page.aheadUrl, fields: [] } : null);
}

/** Whether the server has had its say on the entry. */
async function deliver(entry) {
  let response, body;
  try {
    response = await fetch(entry.url, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRFToken": token() },
      body: form(entry),
      redirect: "error",
      keepalive: true,
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (response.status === 401) return failed("signed_out");
    if (response.status >= 500 || response.status === 429) return failed("server");
    body = await response.json();
  } catch (error) {
    return failed(error instanceof SyntaxError ? "server" : "offline");
  }
  if (body.code === "other_rater") return failed("other_rater");
  if (!entry.key) asking = false;
  await outbox.drop(entry.key ?? "");
  failures = 0;
  page.state("");
  page.hear(entry, response.status, body);
  return true;
}

function form(entry) {
  const fields = new URLSearchParams(entry.fields);
  fields.set("rater", page.rater);
  if (entry.key) {
    fields.set("idempotency_key", entry.key);
    fields.set("waited", Math.max(0, (Date.now() - entry.at) / 1000).toFixed(3));
  }
  for (const [name, value] of page.wishes()) fields.set(name, value);
  return fields;
}

// Whoever signed in again in another tab has a new token; what is on this page goes on working.
const token = () => /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1]
  ?? document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

function failed(why) {
  failures += 1;
  page.state(why);
  const delay = Math.min(SLOWEST, 250 * 2 ** failures) * (0.75 + Math.random() / 2);
  timer = setTimeout(flush, delay);
  return false;
}
