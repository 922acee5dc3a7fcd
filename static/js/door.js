// A display keeps itself up to date, says when contact is lost, and goes back to its screen when nobody touches it.
// Without this module the page is asked for anew every minute.

const EVERY = 15_000;
const LOST_AFTER = 120_000;
const door = document.getElementById("door");

// ---- live: ask for what is on the screen again ----

let tag = door?.dataset.tag;
let heard = Date.now();
let since = door?.querySelector("[data-clock]").dataset.clock;

async function refresh() {
  try {
    const answer = await fetch(door.dataset.live, {
      headers: { "If-None-Match": tag },
      credentials: "same-origin",
      redirect: "manual", // unpaired meanwhile: let the page itself go where it is led
      cache: "no-store",
      signal: AbortSignal.timeout(EVERY - 1000),
    });
    if (answer.type === "opaqueredirect") return location.reload();
    if (answer.status === 200) await show(answer);
    if (answer.ok || answer.status === 304) contact();
  } catch {
    // Told below, once it has lasted.
  }
  if (Date.now() - heard >= LOST_AFTER) lost();
  setTimeout(refresh, EVERY);
}

async function show(answer) {
  tag = answer.headers.get("ETag");
  const fresh = document.createElement("template");
  fresh.innerHTML = await answer.text();
  const focused = door.contains(document.activeElement) ? document.activeElement.id : "";
  door.replaceChildren(fresh.content);
  since = door.querySelector("[data-clock]").dataset.clock;
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

function contact() {
  heard = Date.now();
  document.querySelector(".doorsaid")?.remove();
  if (document.querySelector(".offbar").hidden) return;
  location.reload(); // the screen was changed: take it whole
}

function lost() {
  const bar = document.querySelector(".offbar");
  if (!bar.hidden) return;
  bar.textContent = bar.dataset.text.replace("{time}", since);
  bar.hidden = false;
  const shown = door.querySelector(".door");
  shown.classList.replace([...shown.classList].at(-1), "lost");
  shown.querySelector("[data-word]").textContent = door.dataset.unclear;
  for (const each of shown.querySelectorAll(".til, .now1, .go, .dwall")) each.remove();
}

if (door) setTimeout(refresh, EVERY);

// ---- idle: back to the screen, but never to an address that does not answer ----

const idle = Number(document.body.dataset.idle) * 1000;
let waiting = 0;

function wait() {
  clearTimeout(waiting);
  waiting = setTimeout(back, idle);
}

async function back() {
  try {
    await fetch(document.body.dataset.home, { method: "HEAD", redirect: "manual", cache: "no-store" });
    location.replace(document.body.dataset.home);
  } catch {
    wait();
  }
}

if (idle) {
  for (const kind of ["pointerdown", "keydown", "scroll"]) document.addEventListener(kind, wait, { passive: true });
  wait();
}
