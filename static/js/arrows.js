// Arrow keys while focus is on the board: along the time and across the lanes, home and end in the lane, page up and page
// down to another day; with shift a time is chosen in a free gap, which enter books. Tab and enter alone do all of it too.

import { Grid, hold, isShown, turned, withTimes } from "./grid.js";
import { QUARTER, minutes } from "./hours.js";

const parts = document.getElementById("parts");
const THINGS = "a.gap, a.blk";
let lane = 0; // the lane one goes along, where a block lies over several
let chosen = null;

parts.addEventListener("keydown", (press) => {
  const board = press.target.closest("[data-cols]");
  const on = press.target.closest(THINGS);
  if (!board || press.ctrlKey || press.metaKey || press.altKey || (on !== press.target && press.target !== board)) return;
  const way = wayOf(press.key, turned(board));
  if (press.key === "Escape" && chosen) forget();
  else if (press.key === "PageUp" || press.key === "PageDown") turn(press.key === "PageUp" ? "prev" : "next", board);
  else if (!way) return;
  else if (press.shiftKey && on?.classList.contains("gap") && "length" in way) widen(on, way);
  else if (!press.shiftKey) go(board, on, way);
  else return;
  press.preventDefault();
});
parts.addEventListener("focusout", forget);

// `by`: along the time, back or on. `across`: to another lane. Home and end have neither length nor lane.
function wayOf(key, upright) {
  const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  if (key === "Home" || key === "End") return { by: 0, across: 0, last: key === "End" };
  if (!(key in ways)) return null;
  const [x, y] = ways[key];
  return upright ? { by: y, across: x, length: y, shift: x } : { by: x, across: y, length: x, shift: y };
}

// ---- going ----

function go(board, on, way) {
  const places = placesOf(board);
  if (!places.length) return;
  if (!on) return places[0].thing.focus();
  const here = places.find((each) => each.thing === on);
  if (lane < here.lane || lane >= here.lanes) lane = here.lane;
  const found = way.across ? across(places, here, way.across) : along(places, here, way);
  found?.thing.focus();
}

function placesOf(board) {
  const grid = new Grid(board);
  return [...board.querySelectorAll(THINGS)].filter(isShown).map((thing) => ({ thing, ...grid.area(thing) }));
}

function inLane(places, which) {
  return places.filter((each) => each.lane <= which && which < each.lanes).sort((one, other) => one.from - other.from);
}

function along(places, here, { by, last }) {
  const row = inLane(places, lane);
  if (!by) return row.at(last ? -1 : 0);
  return row[row.indexOf(here) + by];
}

// The next lane with anything in it; there what lies nearest in time.
function across(places, here, step) {
  const last = Math.max(...places.map((each) => each.lanes));
  for (let next = lane + step; next > 0 && next < last; next += step) {
    const row = inLane(places, next).filter((each) => each !== here);
    if (!row.length) continue;
    lane = next;
    const far = (each) => Math.max(0, each.from - here.to + 1, here.from - each.to + 1);
    return row.reduce((best, each) => (far(each) < far(best) ? each : best));
  }
  return null;
}

// The other day's page opens with focus on its board, so that one can go on.
function turn(which, board) {
  const link = document.querySelector(`a[rel=${which}]`);
  if (link) location.href = `${link.href}#${board.id}`;
}

// ---- choosing a time ----

function widen(gap, way) {
  const grid = chosen?.grid ?? Grid.of(gap);
  if (!grid) return;
  const [least, most] = [Number(gap.dataset.from), Number(gap.dataset.to)];
  if (!chosen) {
    const asked = new URL(gap.href).searchParams;
    chosen = { gap, grid, usual: gap.href, from: minutes(asked.get("fran")), to: minutes(asked.get("till")) };
    hold(parts, true);
  }
  if (way.length) chosen.to = clamp(chosen.to + way.length * QUARTER, chosen.from + Math.min(QUARTER, most - chosen.from), most);
  if (way.shift) {
    const by = clamp(way.shift * QUARTER, least - chosen.from, most - chosen.to);
    chosen.from += by;
    chosen.to += by;
  }
  gap.href = withTimes(gap.href, chosen.from, chosen.to);
  grid.ghost({ ...grid.area(gap), from: chosen.from, to: chosen.to, place: grid.laneOf(gap)?.dataset.name });
}

function forget() {
  if (!chosen) return;
  const { gap, grid, usual } = chosen;
  chosen = null;
  grid.clear();
  setTimeout(() => (gap.href = usual)); // a form that opens takes focus, and has read the link by then
  hold(parts, false);
}

const clamp = (number, least, most) => Math.max(least, Math.min(number, most));
