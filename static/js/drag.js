// Dragging on the board with a mouse or a pen, in quarters: over free time to book just that; one's own booking to
// another time or desk; its edges to make it longer or shorter. Nothing is changed by it: it opens the form with the
// time in it, as the links do that are there for keys and for touch, which always scrolls.

import { Grid, hold, timed, withTimes } from "./grid.js";
import { QUARTER, ceiling, floor, nearest } from "./hours.js";

const NEARBY = 5; // pixels that a click may tremble
const EDGE = 9; // pixels of an edge to take hold of
const parts = document.getElementById("parts");
let drag = null;

parts.addEventListener("pointerdown", (down) => {
  if (down.pointerType === "touch" || down.button || down.ctrlKey || down.metaKey || down.shiftKey) return;
  const thing = down.target.closest("a.gap, a.blk[data-from]");
  const grid = thing && Grid.of(thing);
  const grip = grid && gripAt(grid, thing, down);
  if (grip) drag = { thing, grid, grip, down, own: ownOf(grid, thing), begun: false, found: null };
});
parts.addEventListener("dragstart", (start) => {
  if (start.target.closest?.("a.gap, a.blk[data-from]")) start.preventDefault(); // the browser's own carrying of links
});
parts.addEventListener("pointermove", (move) => {
  if (drag || move.pointerType === "touch") return;
  const block = move.target.closest("a.blk[data-from]");
  const grid = block && Grid.of(block);
  if (!grid) return;
  const grip = gripAt(grid, block, move);
  block.style.cursor = { start: grid.upright ? "ns-resize" : "ew-resize", carry: "grab" }[grip === "end" ? "start" : grip] ?? "";
});

addEventListener("pointermove", (move) => {
  if (!drag || move.pointerId !== drag.down.pointerId) return;
  const { down } = drag;
  if (!drag.begun) {
    if (Math.hypot(move.clientX - down.clientX, move.clientY - down.clientY) < NEARBY) return;
    if (!drag.thing.isConnected) return end(); // the board was brought up to date under the pointer
    drag.begun = true;
    drag.thing.setPointerCapture(down.pointerId);
    drag.thing.classList.add("carried");
    hold(parts, true);
  }
  drag.found = { gap: drawn, carry: carried, start: resized, end: resized }[drag.grip](drag, move);
  drag.grid.ghost(drag.found);
});

addEventListener("pointerup", (up) => {
  if (!drag || up.pointerId !== drag.down.pointerId) return;
  const { begun, grip, thing, found, own } = drag;
  end();
  if (!begun) return;
  swallowClick(() => (grip === "gap" ? book(thing, found) : change(thing, found, own)));
});
addEventListener("pointercancel", end);
addEventListener(
  "keydown",
  (press) => {
    if (press.key !== "Escape" || !drag) return;
    press.stopPropagation();
    const begun = drag.begun;
    end();
    if (begun) addEventListener("pointerup", () => swallowClick(() => {}), { once: true, capture: true });
  },
  true,
);

function end() {
  if (!drag) return;
  drag.grid.clear();
  drag.thing.classList.remove("carried");
  const { begun } = drag;
  drag = null;
  if (begun) hold(parts, false);
}

// The click that ends a drag is none. It comes with the release, before anything that is put off.
function swallowClick(then) {
  const swallow = (click) => {
    click.preventDefault();
    click.stopPropagation();
  };
  addEventListener("click", swallow, true);
  setTimeout(() => {
    removeEventListener("click", swallow, true);
    then();
  });
}

// ---- what is taken hold of ----

function gripAt(grid, thing, pointer) {
  if (thing.classList.contains("gap")) return "gap";
  const box = thing.getBoundingClientRect();
  const [long, at] = grid.upright ? [box.height, pointer.clientY - box.top] : [box.width, pointer.clientX - box.left];
  const edge = Math.min(EDGE, long / 4);
  if (at > long - edge) return "end";
  if ("begun" in thing.dataset) return null; // it has begun: its end alone can be moved
  return at < edge ? "start" : "carry";
}

function ownOf(grid, thing) {
  return { ...grid.area(thing), from: Number(thing.dataset.from), to: Number(thing.dataset.to) };
}

// ---- the time that the pointer says ----

function drawn({ grid, own, down }, move) {
  const [one, other] = [grid.minuteAt(down), grid.minuteAt(move)].sort((a, b) => a - b);
  const from = Math.min(Math.max(floor(one), own.from), own.to - 5);
  const to = Math.min(Math.max(ceiling(other), from + 5), own.to);
  return { ...own, from, to };
}

function carried({ grid, thing, own, down }, move) {
  const by = grid.minuteAt(move) - grid.minuteAt(down);
  const length = own.to - own.from;
  const moved = Math.abs(by) < QUARTER / 2 ? own.from : nearest(own.from + by);
  const from = Math.max(grid.first, Math.min(moved, grid.last - length));
  return judged(grid, own, { ...own, ...laneFor(grid, thing, own, move), from, to: from + length });
}

function resized({ grid, own, down, grip }, move) {
  const by = grid.minuteAt(move) - grid.minuteAt(down);
  const found = { ...own };
  if (grip === "start") found.from = Math.max(grid.first, Math.min(nearest(own.from + by), ceiling(own.to) - QUARTER));
  else found.to = Math.min(grid.last, Math.max(nearest(own.to + by), floor(own.from) + QUARTER));
  return judged(grid, own, found);
}

// A desk's booking may go to another desk; what takes a room or several lanes stays where it is.
function laneFor(grid, thing, own, move) {
  const [here, there] = [grid.laneOf(thing), grid.laneAt(move)];
  if (own.lanes - own.lane !== 1 || !here?.matches("[data-desk]") || !there?.matches("[data-desk]")) return {};
  const lane = grid.area(there).lane;
  return { lane, lanes: lane + 1, key: there.dataset.lane, place: there.dataset.name };
}

function judged(grid, own, found) {
  return { ...found, clash: !grid.isFree(found.lane, found.lanes, found.from, found.to, own) };
}

// ---- the form, with the time in it ----

function book(gap, { from, to }) {
  timed(gap, from, to);
  gap.click();
}

function change(block, found, own) {
  if (found.from === own.from && found.to === own.to && found.lane === own.lane) return;
  const address = new URL(withTimes(block.href, found.from, found.to));
  address.pathname += "/andra";
  if (found.lane !== own.lane) address.searchParams.set("plats", found.key);
  const link = document.createElement("a");
  link.href = address.href;
  parts.append(link);
  link.click();
  link.remove();
}
