// A link to the booking form opens it as a sheet over the page one is on (dialog.js). With a modifier key, without this
// module, or when anything is other than expected, the form is the page that it always is. Until then nothing of it is loaded.

const FORM = "/boka";
let opening = false;

document.addEventListener("click", (click) => {
  const link = click.target.closest?.("a[href]");
  if (!link || click.defaultPrevented || click.button || click.metaKey || click.ctrlKey || click.shiftKey || click.altKey) return;
  const address = new URL(link.getAttribute("href"), location.href); // in a drawing .href is no text
  if (address.pathname !== FORM || link.getAttribute("target") || document.querySelector("main form.sheet")) return;
  click.preventDefault();
  open(address.href, link);
});

async function open(href, link) {
  if (opening || document.querySelector("dialog.sheet")) return;
  opening = true;
  try {
    const asked = fetch(href, { credentials: "same-origin", cache: "no-store" });
    const [{ opened }, found] = await Promise.all([import("./dialog.js"), asked]);
    if (!found.ok || found.redirected || !(await opened(await found.text(), link))) location.assign(href);
  } catch {
    location.assign(href); // signed out, not there, no contact: the page itself says so
  }
  opening = false;
}
