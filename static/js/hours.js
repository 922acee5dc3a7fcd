// Times of day as minutes, as addresses write them, and as the page's language writes them.

export const QUARTER = 15;
export const minutes = (text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
export const wall = (count) => `${two(Math.floor(count / 60))}:${two(count % 60)}`;

export function spoken(from, to) {
  const text = `${wall(from)}–${wall(to)}`;
  return document.documentElement.lang === "sv" ? text.replaceAll(":", ".") : text;
}

// The quarter at a minute: before it, after it, or the nearest.
export const floor = (minute) => Math.floor(minute / QUARTER) * QUARTER;
export const ceiling = (minute) => Math.ceil(minute / QUARTER) * QUARTER;
export const nearest = (minute) => Math.round(minute / QUARTER) * QUARTER;

const two = (number) => String(number).padStart(2, "0");
