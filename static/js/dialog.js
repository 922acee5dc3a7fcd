// The booking form in a dialog over the page one is on (sheet.js): it answers (book.js) and is sent there, while the board
// behind shows the time that is being chosen.

import { attend } from "./book.js";
import { lay } from "./grid.js";

const REACTED = new Set(["plats", "arbetsplats", "datum", "fran", "till", "exakt", "besked", "vika", "vika_pagaende"]);

// Opens the form in the text of its page, once it can be seen as it should; false where there is none.
export async function opened(text, link) {
  const found = read(text);
  if (!found) return false;
  await styled(found.sheets);
  new Sheet(found, link);
  return true;
}

// The style sheets of the form's page that this one lacks, each before the one it stands before there.
function styled(sheets) {
  let next = null;
  return Promise.all(
    sheets.reverse().map((sheet) => {
      const there = document.querySelector(`link[rel=stylesheet][href="${sheet.getAttribute("href")}"]`);
      const last = next;
      next = there ?? document.importNode(sheet);
      if (there) return null;
      return new Promise((come, fail) => {
        Object.assign(next, { onload: come, onerror: fail });
        document.head.insertBefore(next, last);
      });
    }),
  );
}

// The form of a page as the server wrote it, with its heading, and what the page says above it.
function read(text) {
  const template = document.createElement("template"); // nothing in it is run or applied
  template.innerHTML = text;
  const page = template.content;
  const form = page.querySelector("main form.sheet");
  if (!form) return null;
  const said = [...page.querySelectorAll("main > .errs, main > .flash")];
  const sheets = [...page.querySelectorAll("link[rel=stylesheet]")];
  return { title: page.querySelector("title").textContent, heading: page.querySelector("main h1").textContent, said, form, sheets };
}

class Sheet {
  constructor(found, link) {
    this.link = link;
    this.title = document.title;
    this.dialog = document.createElement("dialog");
    this.dialog.className = "sheet";
    this.dialog.setAttribute("aria-labelledby", "sheet-h");
    this.dialog.addEventListener("cancel", (cancel) => this.#cancelled(cancel));
    this.dialog.addEventListener("keydown", (press) => press.key === "Escape" && this.#cancelled(press));
    this.dialog.addEventListener("close", () => this.#closed());
    this.dialog.addEventListener("click", (click) => this.#clicked(click));
    this.dialog.addEventListener("submit", (submit) => this.#send(submit));
    this.dialog.addEventListener("laid", () => this.#ghost());
    this.parts = document.getElementById("parts");
    this.watch = new MutationObserver(() => this.#ghost()); // the board behind has been brought up to date
    if (this.parts) this.watch.observe(this.parts, { childList: true });
    document.body.append(this.dialog);
    this.#fill(found);
    this.untouched = this.#written();
    this.dialog.showModal();
    this.dialog.querySelector("h2").focus();
  }

  #fill({ title, heading, said, form }) {
    const head = document.importNode(form.querySelector("[data-head]").content, true);
    head.querySelector("h2").textContent = heading;
    form.prepend(head);
    form.querySelector(".sheet-b").prepend(...said);
    document.title = title;
    this.dialog.replaceChildren(document.adoptNode(form));
    this.form = form;
    attend(form);
  }

  // ---- closing: what is half filled in is asked about first ----

  #written() {
    return JSON.stringify([...new FormData(this.form)].filter(([name]) => !REACTED.has(name)));
  }

  #cancelled(event) {
    event.preventDefault();
    this.leave();
  }

  leave() {
    const asked = this.dialog.querySelector("[data-leaving]");
    if (asked) return this.#stay(asked);
    if (this.#written() === this.untouched) return this.dialog.close();
    const question = document.importNode(this.form.querySelector("[data-leave]").content, true);
    this.form.querySelector(".sheet-f").prepend(question);
    this.dialog.querySelector("[data-leaving] [data-stay]").focus();
  }

  #stay(question) {
    question.remove();
    this.dialog.querySelector("h2").focus();
  }

  #clicked(click) {
    const box = this.dialog.getBoundingClientRect();
    const outside = click.target === this.dialog && (click.clientX < box.left || click.clientX > box.right);
    if (outside || click.target.closest("[data-close]")) this.leave();
    else if (click.target.closest("[data-stay]")) this.#stay(this.dialog.querySelector("[data-leaving]"));
    else if (click.target.closest("[data-away]")) this.dialog.close();
  }

  #closed() {
    this.watch.disconnect();
    this.#unghost();
    this.dialog.remove();
    document.title = this.title;
    const back = this.link.isConnected ? this.link : document.getElementById(this.link.id);
    back?.focus({ preventScroll: true });
  }

  // ---- sending: what the page would answer is answered here ----

  async #send(submit) {
    submit.preventDefault();
    const { submitter } = submit;
    if (submitter?.matches("[aria-hidden]")) return this.dialog.querySelector("[data-main]").focus(); // Enter in a field
    if (this.sending) return;
    this.sending = true;
    try {
      const body = new URLSearchParams(new FormData(this.form, submitter));
      const found = await fetch(this.form.action, { method: "POST", body, credentials: "same-origin", cache: "no-store" });
      if (found.redirected) return location.assign(found.url);
      const again = read(await found.text());
      if (!again) return this.form.submit(); // let the page itself go and say what is wrong
      this.#fill(again);
      this.#turnTo(this.dialog.querySelector(".errs, .flash, .ans"));
    } catch {
      this.dialog.querySelector("[data-lost-contact]")?.remove();
      this.form.querySelector(".sheet-f").prepend(document.importNode(this.form.querySelector("[data-lost]").content, true));
    }
    this.sending = false;
  }

  #turnTo(first) {
    first?.setAttribute("tabindex", "-1");
    first?.focus();
  }

  // ---- the time being chosen, on the board behind ----

  #ghost() {
    this.#unghost();
    if (!this.dialog.isConnected) return; // an answer that came after the sheet was closed
    const near = this.form?.querySelector("[data-around]")?.dataset;
    if (!near || this.parts?.dataset.day !== near.on) return;
    const board = document.getElementById("board");
    if (!board || !near.wide) return;
    const [lane, from, lanes, to] = near.wide.split("/").map(Number);
    const over = [...board.querySelectorAll(".cells")].filter(({ dataset: { l, p } }) => lane <= l && l < lanes && p !== "0");
    const mark = Object.assign(document.createElement("div"), { className: `sel ghost ${near.colour}` });
    const hours = Object.assign(document.createElement("span"), { className: "small", textContent: near.hours });
    mark.append(near.yours, hours);
    mark.classList.toggle("short", Number(near.minutes) < 45);
    mark.setAttribute("aria-hidden", "true");
    lay(mark, { l: lane, n: lanes - lane, p: over[0]?.dataset.p, q: over.length, f: from, d: to - from });
    if (!over.length) mark.dataset.p = "0"; // a phone shows another zone
    board.append(mark);
  }

  #unghost() {
    document.querySelectorAll(".sel.ghost").forEach((mark) => mark.remove());
  }
}
