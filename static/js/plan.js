// The floor plan follows the slider, and while it shows the present it follows the clock.
// Without this module the time is chosen in a list, and the page shows how it was when it came.

const EVERY = 30_000;
const SOON = 120;
const plan = document.getElementById("plan");
const slider = document.getElementById("slider");
const quarters = slider.dataset.quarters.split(" ");
const bar = document.querySelector("[data-offline]");
let tag = "";
let timer = 0;
let asking = new AbortController();

slider.hidden = document.querySelector(".scrub .ticks").hidden = false;
document.querySelector(".scrub .typed").remove();
document.querySelector("label[for=quarter]").remove();

// ---- asking: the older question is dropped for the newer one ----

async function refresh() {
  clearTimeout(timer);
  if (document.hidden) return;
  if ("follow" in plan.dataset && today() !== plan.dataset.day) return location.reload();
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  try {
    const answer = await fetch(plan.dataset.live, {
      headers: tag ? { "If-None-Match": tag } : {},
      credentials: "same-origin",
      redirect: "manual", // signed out meanwhile: let the page itself go and say so
      cache: "no-store",
      signal,
    });
    if (answer.type === "opaqueredirect") return location.reload();
    if (answer.status === 200) show(await answer.text(), answer.headers.get("ETag"));
    contact(answer.ok || answer.status === 304);
  } catch (fault) {
    if (fault.name === "AbortError") return;
    contact(false);
  }
  timer = setTimeout(refresh, EVERY);
}

function show(text, newer) {
  tag = newer;
  const fresh = document.createElement("template");
  fresh.innerHTML = text;
  const told = fresh.content.querySelector("[data-said]");
  const focused = plan.contains(document.activeElement) ? document.activeElement.id : "";
  for (const part of told.querySelectorAll("[data-part]")) {
    plan.querySelector(`[data-part=${part.dataset.part}]`).replaceChildren(...part.childNodes);
  }
  if (focused && document.activeElement === document.body) document.getElementById(focused)?.focus({ preventScroll: true });
  document.querySelector("[data-sub]").textContent = told.dataset.said;
  if ("follow" in plan.dataset) {
    slider.value = told.dataset.quarter;
    say(told.dataset.at);
  }
}

function contact(there) {
  if (there) plan.dataset.seen = clock();
  else if (bar.hidden) bar.textContent = bar.dataset.text.replace("{time}", plan.dataset.seen);
  bar.hidden = there;
}

// ---- the slider ----

slider.addEventListener("input", () => {
  const chosen = quarters[slider.value];
  delete plan.dataset.follow;
  document.querySelector(".scrub [aria-current]")?.removeAttribute("aria-current");
  say(chosen.replace(":", slider.dataset.stop));
  plan.dataset.live = withTime(plan.dataset.live, chosen);
  for (const link of document.querySelectorAll("[data-keeps-time]")) link.href = withTime(link.href, chosen);
  const here = new URL(location.href);
  here.searchParams.set("datum", plan.dataset.day);
  history.replaceState(null, "", withTime(here.href, chosen));
  clearTimeout(timer);
  timer = setTimeout(refresh, SOON);
});

function say(time) {
  document.getElementById("at").value = time;
  slider.setAttribute("aria-valuetext", time);
}

function withTime(href, time) {
  const address = new URL(href, location.href);
  address.searchParams.set("tid", time);
  return address.href;
}

// The premises' time and day, in the shape the server writes them.
function clock() {
  const now = new Intl.DateTimeFormat("sv", { timeZone: plan.dataset.zone, hour: "2-digit", minute: "2-digit" });
  return now.format(new Date()).replace(":", slider.dataset.stop);
}

function today() {
  return new Intl.DateTimeFormat("sv", { timeZone: plan.dataset.zone }).format(new Date());
}

document.addEventListener("visibilitychange", refresh);
timer = setTimeout(refresh, EVERY);
