// The floor plan follows the slider, and while it shows the present it follows the clock.
// Without this module the time is chosen in a list, and the page shows how it was when it came.

import { live } from "./live.js";

const SOON = 120;
const plan = document.getElementById("plan");
const slider = document.getElementById("slider");
const quarters = slider.dataset.quarters.split(" ");
let timer = 0;

slider.hidden = document.querySelector(".scrub .ticks").hidden = false;
document.querySelector(".scrub .typed").remove();
document.querySelector("label[for=quarter]").remove();

const ask = live(plan, (fresh) => {
  const told = fresh.querySelector("[data-said]");
  for (const part of told.querySelectorAll("[data-part]")) {
    plan.querySelector(`[data-part=${part.dataset.part}]`).replaceChildren(...part.childNodes);
  }
  document.querySelector("[data-sub]").textContent = told.dataset.said;
  if ("follow" in plan.dataset) {
    slider.value = told.dataset.quarter;
    say(told.dataset.at);
  }
});

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
  timer = setTimeout(ask, SOON);
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
