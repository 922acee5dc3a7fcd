// The booking form answers while it is filled in: 150 ms after a change it asks the server, and drops the older question.
// Titles, notes and people are never asked about: an address is logged on its way. Without this module the page's own
// button "Check if it is free" does the same. The form stands in a page of its own, or in the sheet (sheet.js).

const PATIENCE = 400; // ms until "checking" is said
const PAUSE = 150; // ms of quiet before asking
const NOT_ASKED = new Set(["nyckel", "besked", "rubrik", "anteckning", "kallade", "kollega", "vika", "vika_pagaende"]);

export function attend(form) {
  const answer = form.querySelector("[data-answer]");
  const [start, end] = ["fran", "till"].map((name) => form.elements[name]);
  let asking = null;
  let soon = 0;
  let minutes = length();

  const lengths = form.querySelector("[data-lengths]");
  lengths.hidden = false;
  lengths.addEventListener("click", (click) => pickLength(click.target.closest("button")));
  form.addEventListener("change", changed);
  showLength();
  lay(form);
  if (answer) {
    form.querySelectorAll("[data-check]").forEach((button) => button.remove());
    sayHours();
    answer.addEventListener("click", (click) => {
      const chosen = click.target.closest("button[name=valj]");
      if (!chosen) return;
      click.preventDefault();
      form.elements.exakt.value = chosen.value; // which 02:30 it is, where the clock shows it twice
      choose(chosen.dataset);
    });
  }
  return { ask };

  // ---- what changes in the form ----

  function changed(change) {
    if (NOT_ASKED.has(change.target.name)) return;
    if (change.target.name === "utom") roomForMore(change.target.closest("[data-more]"));
    if (change.target === start && minutes > 0) setEnd(minutesOf(start.value) + minutes);
    if (change.target === end || change.target === start) minutes = length();
    if (change.target.name === "plats" && change.target.dataset.minutes && !form.dataset.timed) {
      setEnd(minutesOf(start.value) + Number(change.target.dataset.minutes));
      minutes = length();
    } else if (change.target === end) {
      form.dataset.timed = "yes"; // from now on the length is the person's own choice
    }
    showLength();
    askSoon();
  }

  function pickLength(button) {
    if (!button) return;
    form.dataset.timed = "yes";
    setEnd(minutesOf(start.value) + Number(button.value));
    minutes = length();
    showLength();
    askSoon();
  }

  function choose(offer) {
    form.elements.datum.value = offer.day;
    setTime(start, offer.start);
    setTime(end, offer.end);
    const desk = form.elements.arbetsplats;
    const radio = form.querySelector(`[name=plats][value="${CSS.escape(offer.resource)}"]`);
    if (radio) radio.checked = true;
    else if (desk) desk.value = offer.resource;
    minutes = length();
    showLength();
    ask();
  }

  // ---- times ----

  function length() {
    return form.elements.tilldatum?.value ? 0 : minutesOf(end.value) - minutesOf(start.value);
  }

  function setEnd(at) {
    const last = minutesOf(end.options[end.options.length - 1].value);
    const wanted = Math.min(at, last);
    setTime(end, `${String(Math.floor(wanted / 60)).padStart(2, "0")}:${String(wanted % 60).padStart(2, "0")}`);
  }

  function showLength() {
    for (const chip of lengths.querySelectorAll("button")) {
      chip.setAttribute("aria-pressed", String(Number(chip.value) === minutes));
    }
  }

  // ---- asking ----

  function askSoon() {
    if (!answer) return;
    settle();
    clearTimeout(soon);
    soon = setTimeout(ask, PAUSE);
  }

  // What the main button promised belongs to the old question.
  function settle() {
    const main = answer.querySelector("[data-main]");
    main.removeAttribute("name");
    main.textContent = form.dataset.book;
    answer.querySelectorAll("[data-promise]").forEach((promise) => promise.remove());
  }

  async function ask() {
    asking?.abort();
    asking = new AbortController();
    const late = setTimeout(() => answer.querySelector(".ans")?.classList.add("wait"), PATIENCE);
    try {
      const asked = new URLSearchParams([...new FormData(form)].filter(([name]) => !NOT_ASKED.has(name)));
      const found = await fetch(form.dataset.ask, {
        method: "POST",
        body: asked,
        signal: asking.signal,
        redirect: "error",
        credentials: "same-origin",
      });
      if (found.ok) show(await found.text());
    } catch (stopped) {
      if (stopped.name !== "AbortError") clearAnswer(); // no contact: the button stays, the POST tells the truth
    } finally {
      clearTimeout(late);
    }
  }

  function clearAnswer() {
    answer.querySelector("[role=status]").replaceChildren();
  }

  // The live region stays the same element, or nobody would hear it change.
  function show(text) {
    const found = new DOMParser().parseFromString(text, "text/html").body;
    const inside = answer.contains(document.activeElement);
    const near = found.querySelector("[data-around]");
    near?.remove();
    const [said, ...rest] = found.children;
    const region = answer.querySelector("[role=status]");
    region.replaceChildren(...said.childNodes);
    while (region.nextElementSibling) region.nextElementSibling.remove();
    region.after(...rest);
    form.querySelector("[data-day-words]").textContent = said.dataset.day;
    form.querySelector("[data-near]")?.replaceChildren(...(near ? [near] : []));
    for (const own of form.querySelectorAll("[data-own-hours]")) own.textContent = near?.dataset.hours ?? "";
    lay(form);
    if (inside) answer.querySelector("[data-main]")?.focus();
  }

  function sayHours() {
    const main = answer.querySelector("[data-main]");
    if (main?.dataset.says) main.textContent = main.dataset.says;
  }
}

// The page's own style block placed what came with it; what comes later brings its place as data.
function lay(form) {
  for (const row of form.querySelectorAll("[data-cols]")) row.style.setProperty("--cols", row.dataset.cols);
  for (const each of form.querySelectorAll("[data-area]")) each.style.gridArea = each.dataset.area;
  form.dispatchEvent(new Event("laid", { bubbles: true }));
}

function roomForMore(group) {
  const dates = [...group.querySelectorAll("input")];
  if (dates.some((date) => !date.value)) return;
  const empty = dates[0].cloneNode();
  empty.value = "";
  empty.removeAttribute("value");
  dates[0].parentElement.append(empty);
}

function minutesOf(clock) {
  const [hours, rest] = clock.split(":").map(Number);
  return hours * 60 + rest;
}

function setTime(select, clock) {
  if (![...select.options].some((option) => option.value === clock)) {
    const text = document.documentElement.lang === "sv" ? clock.replace(":", ".") : clock;
    const after = [...select.options].find((option) => option.value > clock);
    select.add(new Option(text, clock), after ?? null);
  }
  select.value = clock;
}

const own = document.querySelector("main form.sheet");
if (own) attend(own);
