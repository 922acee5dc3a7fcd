// The day's board keeps itself up to date, opens the form at the clicked quarter, and follows the date field.
// Without this module the page is the same, as it was when it came.

import { timed } from "./grid.js";
import { floor, minutes } from "./hours.js";

const EVERY = 30_000;
const parts = document.getElementById("parts");
let tag = parts.dataset.tag;
let timer = 0;
let asking = false;
const opened = today();

// ---- live: ask for the parts again, not while hidden, at once when shown ----

async function refresh() {
  clearTimeout(timer);
  if (document.hidden || asking) return;
  if ("follow" in parts.dataset && today() !== opened) {
    if (!document.querySelector("dialog[open]")) return location.reload();
    timer = setTimeout(refresh, EVERY); // a form that is being filled in is not lost at midnight
    return;
  }
  asking = true;
  try {
    const answer = await fetch(parts.dataset.live, {
      headers: { "If-None-Match": tag },
      credentials: "same-origin",
      redirect: "manual", // signed out meanwhile: let the page itself go and say so
      cache: "no-store",
    });
    if (answer.type === "opaqueredirect") return location.reload();
    if (answer.status === 200) await show(answer);
    contact(answer.ok || answer.status === 304);
  } catch {
    contact(false);
  } finally {
    asking = false;
  }
  timer = setTimeout(refresh, EVERY);
}

async function show(answer) {
  const fresh = document.createElement("template");
  fresh.innerHTML = await answer.text();
  if ("held" in parts.dataset) return; // something is being chosen on it: asked again when that is over
  tag = answer.headers.get("ETag");
  const focused = parts.contains(document.activeElement) ? document.activeElement.id : "";
  place(fresh.content);
  parts.replaceChildren(fresh.content);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

// The page's own style block placed what came with it; what comes later brings its place as data.
function place(root) {
  for (const board of root.querySelectorAll("[data-cols]")) {
    for (const name of ["cols", "lead", "lanes"]) board.style.setProperty(`--${name}`, board.dataset[name]);
  }
  for (const each of root.querySelectorAll("[data-area]")) each.style.gridArea = each.dataset.area;
}

function contact(there) {
  const bar = document.querySelector("[data-offline]");
  if (there) parts.dataset.seen = clock();
  else if (bar.hidden) bar.textContent = bar.dataset.text.replace("{time}", parts.dataset.seen);
  bar.hidden = there;
}

// The premises' time, in the shape the server wrote it.
function clock() {
  const stop = parts.dataset.seen.includes(".") ? "." : ":";
  const now = new Intl.DateTimeFormat("sv", { timeZone: parts.dataset.zone, hour: "2-digit", minute: "2-digit" });
  return now.format(new Date()).replace(":", stop);
}

function today() {
  return new Intl.DateTimeFormat("sv", { timeZone: parts.dataset.zone }).format(new Date());
}

document.addEventListener("visibilitychange", refresh);
parts.addEventListener("released", refresh);
addEventListener("online", refresh);
timer = setTimeout(refresh, EVERY);

// ---- a click in a gap: the form opens at the clicked quarter, with the length the link has ----

parts.addEventListener("click", (click) => {
  const gap = click.target.closest("a.gap");
  if (!gap || !click.detail || click.button || click.metaKey || click.ctrlKey || click.shiftKey) return;
  const [from, to] = [Number(gap.dataset.from), Number(gap.dataset.to)];
  const asked = new URL(gap.href).searchParams;
  const start = Math.max(from, floor(from + shareOf(gap, click) * (to - from)));
  timed(gap, start, Math.min(to, start + minutes(asked.get("till")) - minutes(asked.get("fran"))));
});

function shareOf(gap, click) {
  const box = gap.getBoundingClientRect();
  const upright = Boolean(gap.closest(".vboard"));
  return upright ? (click.clientY - box.top) / box.height : (click.clientX - box.left) / box.width;
}

// ---- the date field: a day picked is a day shown; one that is typed waits for Enter or the button ----

const field = document.querySelector(".dayform input[type=date]");
let typed = false;
field?.addEventListener("keydown", (press) => {
  if (press.key === "Tab" || press.key === "Enter" || press.key === " ") return;
  typed = true;
  document.querySelector("[data-show-day]").hidden = false;
});
field?.addEventListener("change", () => {
  if (!typed && field.value) field.form.requestSubmit();
});

// ---- turned to from the day beside: the board has focus, for the arrow keys ----

if (location.hash.length > 1) parts.querySelector(`#${CSS.escape(location.hash.slice(1))}`)?.focus({ preventScroll: true });
