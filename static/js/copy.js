// Copy a field's text with a button, which is shown only where that works. The word on the button says that it was done.

for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!navigator.clipboard) continue; // not over plain http on another host; the field can still be marked and copied
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}

async function copy(button) {
  const field = document.getElementById(button.dataset.copy);
  const words = button.querySelector("span");
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    words.setAttribute("role", "status");
    words.textContent = button.dataset.done;
  } catch {
    field.focus(); // refused: the text is marked, so that the keyboard's own copying works
  }
}
