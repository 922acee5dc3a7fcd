// A part of a page keeps itself up to date: it asks again every half minute, not while hidden, at once when shown, and says
// when there is no contact with the server. `show` puts what came in the place of what was; focus stays where it is.

const EVERY = 30_000;

export function live(part, show) {
  const bar = document.querySelector("[data-offline]");
  const opened = today();
  let tag = part.dataset.tag ?? "";
  let timer = 0;
  let asking = new AbortController();

  // The older question is dropped for the newer one.
  async function ask() {
    clearTimeout(timer);
    if (document.hidden) return;
    if ("follow" in part.dataset && today() !== opened) {
      if (!document.querySelector("dialog[open]")) return location.reload();
      return later(); // a form that is being filled in is not lost at midnight
    }
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    try {
      const answer = await fetch(part.dataset.live, {
        headers: tag ? { "If-None-Match": tag } : {},
        credentials: "same-origin",
        redirect: "manual", // signed out meanwhile: let the page itself go and say so
        cache: "no-store",
        signal,
      });
      if (answer.type === "opaqueredirect") return location.reload();
      if (answer.status === 200) take(await answer.text(), answer.headers.get("ETag"));
      contact(answer.ok || answer.status === 304);
    } catch (fault) {
      if (fault.name === "AbortError") return;
      contact(false);
    }
    later();
  }

  function later() {
    timer = setTimeout(ask, EVERY);
  }

  function take(text, newer) {
    if ("held" in part.dataset) return; // something is being chosen on it: asked again when that is over
    tag = newer;
    const fresh = document.createElement("template");
    fresh.innerHTML = text;
    const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
    show(fresh.content);
    if (focused && document.activeElement === document.body) document.getElementById(focused)?.focus({ preventScroll: true });
  }

  function contact(there) {
    if (there) part.dataset.seen = clock();
    else if (bar.hidden) bar.textContent = bar.dataset.text.replace("{time}", part.dataset.seen);
    bar.hidden = there;
  }

  // The premises' time and day, in the shape the server writes them.
  function clock() {
    const stop = part.dataset.seen.includes(".") ? "." : ":";
    const now = new Intl.DateTimeFormat("sv", { timeZone: part.dataset.zone, hour: "2-digit", minute: "2-digit" });
    return now.format(new Date()).replace(":", stop);
  }

  function today() {
    return new Intl.DateTimeFormat("sv", { timeZone: part.dataset.zone }).format(new Date());
  }

  document.addEventListener("visibilitychange", ask);
  part.addEventListener("released", ask);
  addEventListener("online", ask);
  later();
  return ask;
}
