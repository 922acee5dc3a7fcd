// Light or dark without a reload. The server still writes the cookie: the same form is sent behind the page's back.
// Without this module the form posts and the page comes back; base.html has the two buttons, tokens.css shows one.

document.addEventListener("submit", (submitted) => {
  const form = submitted.target;
  if (!form.matches("form[data-theme-switch]") || !submitted.submitter) return;
  submitted.preventDefault();
  choose(form, submitted.submitter);
});

function choose(form, pressed) {
  document.documentElement.dataset.theme = pressed.value;
  // The pressed button has just hidden itself: hand focus to its twin.
  form.querySelector(`button:not([value="${pressed.value}"])`)?.focus();
  fetch(form.action, {
    method: "POST",
    body: new URLSearchParams(new FormData(form, pressed)),
    redirect: "manual", // the cookie is set by the answer; the page it points to is this one
    credentials: "same-origin",
  }).catch(() => {}); // out of contact: the choice holds for this page only
}
