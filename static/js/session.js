// A page that was left open goes away once its session has ended: idled out, signed out elsewhere, no longer theirs.
// Whoever writes is at work, and is not signed out in the middle of a sentence.

const EVERY = 60_000;
const AT_WORK = 240_000;
let told = Date.now();

async function ask(address) {
  const answer = await fetch(address, { redirect: "manual", credentials: "same-origin", cache: "no-store" }).catch(() => null);
  if (answer?.type === "opaqueredirect") location.replace(location.pathname + location.search);
}

setInterval(() => ask("/inloggad"), EVERY);
document.addEventListener("input", () => {
  if (Date.now() - told < AT_WORK) return;
  told = Date.now();
  ask("/inloggad/arbetar");
});
