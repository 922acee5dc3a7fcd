// The day's board keeps itself up to date, opens the form at the clicked quarter, and follows the date field.
// Without this module the page is the same, as it was when it came.

import { timed, turned } from "./grid.js";
import { floor, minutes } from "./hours.js";
import { live } from "./live.js";

const parts = document.getElementById("parts");

live(parts, (fresh) => {
  place(fresh);
  parts.replaceChildren(fresh);
});

// The page's own style block placed what came with it; what comes later brings its place as data.
function place(root) {
  const said = { "[data-cols]": ["cols", "lead", "lanes", "upright"], "[data-l], [data-f]": ["l", "n", "p", "q", "f", "d"] };
  for (const [which, names] of Object.entries(said)) {
    for (const each of root.querySelectorAll(which)) {
      for (const name of names) if (name in each.dataset) each.style.setProperty(`--${name}`, each.dataset[name]);
    }
  }
  for (const each of root.querySelectorAll("[data-area]")) each.style.gridArea = each.dataset.area;
}

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
  return turned(gap.closest(".board")) ? (click.clientY - box.top) / box.height : (click.clientX - box.left) / box.width;
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
