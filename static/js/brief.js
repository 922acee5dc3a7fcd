// A booking's details in a popover over the board or the list. They are fetched when it is opened and gone when it closes,
// also what was confidential in them. Without this module, or with a key held, the link leads to the booking's page.

const parts = document.getElementById("parts");
const pop = document.getElementById("brief");
let opener = null;
let asking = null;

if ("popover" in HTMLElement.prototype) parts.addEventListener("click", open);
pop.addEventListener("submit", reveal);
pop.addEventListener("beforetoggle", (change) => change.newState === "closed" && pop.replaceChildren());
pop.addEventListener("toggle", (change) => change.newState === "closed" && closed());
addEventListener("pagehide", () => pop.replaceChildren());

async function open(click) {
  const link = click.target.closest('a[href^="/bokning/"]');
  if (!link || !onlyShows(link) || click.button || click.metaKey || click.ctrlKey || click.shiftKey) return;
  click.preventDefault();
  asking?.abort();
  asking = new AbortController();
  const address = new URL(link.href);
  const answer = await asked(`${address.pathname}/kort${address.search}`, { signal: asking.signal });
  if (answer === null) return;
  if (!answer) return location.assign(link.href); // not there any more, or signed out: the page itself says so
  opener = { link, id: link.id };
  pop.innerHTML = answer;
  pop.showPopover();
  place(link);
  pop.querySelector("h2").focus();
}

const onlyShows = (link) => /^\/bokning\/[^/]+$/.test(link.pathname);

// The fragment; undefined where the server says no, null where it is not asked any more or cannot be reached.
async function asked(address, more = {}) {
  try {
    const answer = await fetch(address, { credentials: "same-origin", redirect: "manual", cache: "no-store", ...more });
    return answer.ok ? await answer.text() : undefined;
  } catch (stopped) {
    if (stopped.name !== "AbortError") parts.dispatchEvent(new Event("released")); // the board says that contact is lost
    return null;
  }
}

async function reveal(send) {
  const form = send.target.closest("form[data-reveal]");
  if (!form) return;
  send.preventDefault();
  const answer = await asked(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  if (answer === undefined) return location.assign(opener.link.href);
  if (answer === null || !pop.matches(":popover-open")) return; // closed meanwhile: what was asked for is not kept
  pop.innerHTML = answer;
  pop.querySelector("h2").focus();
}

function closed() {
  asking?.abort();
  const link = opener?.link.isConnected ? opener.link : document.getElementById(opener?.id);
  if (document.activeElement === document.body) link?.focus({ preventScroll: true });
  opener = null;
}

// Beside what it tells of, where there is room; on phones the style sheet puts it at the bottom.
function place(link) {
  pop.style.inset = "";
  if (matchMedia("(max-width: 53.75em)").matches) return;
  const [box, own] = [link.getBoundingClientRect(), pop.getBoundingClientRect()];
  const right = box.right + 8;
  const left = right + own.width < innerWidth - 8 ? right : Math.max(8, box.left - own.width - 8);
  const top = Math.max(8, Math.min(box.top, innerHeight - own.height - 8));
  pop.style.inset = `${top}px auto auto ${left}px`;
}
