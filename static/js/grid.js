// Where things lie on a board, wide or turned upright: lanes, minutes, free time, and the ghost of what one is choosing.
// Everything is read from what the page shows; nothing here is asked of the server.

import { spoken, wall } from "./hours.js";

const STEP = 5; // minutes a column, or a row of the upright board
const TIME = 3;
const CHANGEOVER = 15; // what may lie between one's own booking and the free time beside it, taken by itself
const said = document.getElementById("chosen");

// Whether time runs down: on a week always, on a day's board where board.css turns it.
export const turned = (board) => board.classList.contains("week") || matchMedia("(max-width: 53.75em)").matches;

export class Grid {
  constructor(board) {
    this.board = board;
    this.upright = turned(board);
    this.first = Number(board.dataset.first);
    this.last = Math.min(this.first + Number(board.dataset.cols) * STEP, 24 * 60);
    this.lanes = [...board.querySelectorAll("[data-lane]")].filter(isShown);
  }

  // Without its first minute a board is one of a day on which the clocks change, without lanes one of a week: there a
  // click is all.
  static of(element) {
    const board = element.closest("[data-cols]");
    const grid = board && "first" in board.dataset ? new Grid(board) : null;
    return grid?.lanes.length ? grid : null;
  }

  // Lanes and columns of time, each from the first to before the last.
  area(element) {
    const { l, n = 1, p = l, q = n, f, d = 1 } = element.dataset;
    const [lane, over, from, along] = (this.upright ? [p, q, f, d] : [l, n, f, d]).map(Number);
    return { lane, lanes: lane + over, from, to: from + along };
  }

  minuteAt(pointer) {
    const box = this.lanes[0].getBoundingClientRect();
    const share = this.upright
      ? (pointer.clientY - box.top) / box.height
      : (pointer.clientX - box.left) / box.width;
    return this.first + share * Number(this.board.dataset.cols) * STEP;
  }

  laneAt(pointer) {
    return this.lanes.find((lane) => {
      const box = lane.getBoundingClientRect();
      return this.upright
        ? pointer.clientX >= box.left && pointer.clientX < box.right
        : pointer.clientY >= box.top && pointer.clientY < box.bottom;
    });
  }

  laneOf(element) {
    const { lane } = this.area(element);
    return this.lanes.find((each) => this.area(each).lane === lane);
  }

  // Whether a time is free in every lane from one to before another, or is the booking's own already.
  isFree(lane, lanes, from, to, own) {
    const there = this.lanes.map((each) => this.area(each).lane).filter((each) => each >= lane && each < lanes);
    return there.every((each) => this.#freeIn(each, from, to, own));
  }

  #freeIn(lane, from, to, own) {
    const spans = [...this.board.querySelectorAll("a.gap")]
      .filter((gap) => this.area(gap).lane === lane)
      .map((gap) => [Number(gap.dataset.from), Number(gap.dataset.to)]);
    if (own && own.lane <= lane && lane < own.lanes) spans.push([own.from, own.to]);
    let reached = from;
    for (const [start, end] of spans.sort((one, other) => one[0] - other[0])) {
      const near = own && (start === own.from || end === own.from || reached === own.to) ? CHANGEOVER : 0;
      if (start <= reached + near && end > reached) reached = end;
    }
    return reached >= to;
  }

  // The time being chosen, drawn on the board and said. `shown`: lane, lanes, from, to, clash, place.
  ghost(shown) {
    this.mark ??= this.board.appendChild(document.createElement("div"));
    const begin = Math.floor((shown.from - this.first) / STEP) + TIME;
    const end = Math.ceil((shown.to - this.first) / STEP) + TIME;
    this.mark.className = shown.clash ? "sel bad" : "sel";
    const over = shown.lanes - shown.lane;
    lay(this.mark, { l: shown.lane, n: over, p: shown.lane, q: over, f: begin, d: end - begin });
    const hours = spoken(shown.from, shown.to);
    const words = said.dataset.time.replace("{hours}", hours);
    const narrow = this.upright && shown.lanes - shown.lane === 1; // a phone's column of a desk has room for the hours
    const second = document.createElement("span");
    second.className = "small";
    second.textContent = shown.clash ? said.dataset.clash : narrow ? "" : shown.place ?? "";
    this.mark.replaceChildren(document.createElement("span"), second);
    this.mark.firstChild.textContent = narrow ? hours : words;
    this.mark.classList.toggle("tight", narrow || (!this.upright && shown.to - shown.from < 90));
    const text = [words, shown.place, shown.clash && said.dataset.clash].filter(Boolean).join(", ");
    if (said.textContent !== text) said.textContent = text;
  }

  clear() {
    this.mark?.remove();
    this.mark = null;
    said.textContent = "";
  }
}

// A phone leaves out the lanes of other zones.
export const isShown = (element) => element.getClientRects().length > 0;

// From which lane over how many, from which column of time and how many: board.css makes the area.
export function lay(mark, spot) {
  for (const [name, count] of Object.entries(spot)) if (count !== undefined) mark.style.setProperty(`--${name}`, count);
}

// While something is being chosen the board is left as it is; afterwards it asks again.
export function hold(parts, held) {
  if (held === "held" in parts.dataset) return;
  parts.toggleAttribute("data-held", held);
  if (!held) parts.dispatchEvent(new Event("released"));
}

// Another time in a free gap's link. It says its own time again when what follows it has read it.
export function timed(gap, from, to) {
  const usual = gap.href;
  gap.href = withTimes(usual, from, to);
  setTimeout(() => (gap.href = usual));
}

export function withTimes(href, from, to) {
  const address = new URL(href);
  address.searchParams.set("fran", wall(from));
  address.searchParams.set("till", wall(to));
  return address.href;
}
