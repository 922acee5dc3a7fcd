// Passkeys. A form with data-passkey asks the server what to sign, has the browser sign it, and is sent with the answer.
// Where that cannot be done the form keeps the words that stand in it, and shows no button.

const able = Boolean(window.PublicKeyCredential?.parseRequestOptionsFromJSON && PublicKeyCredential.prototype.toJSON);

for (const form of able ? document.querySelectorAll("form[data-passkey]") : []) {
  form.querySelector("[data-without]").hidden = true;
  form.querySelector("[data-go]").hidden = false;
  form.addEventListener("submit", (submitted) => {
    submitted.preventDefault();
    sign(form);
  });
}

async function sign(form) {
  const button = form.querySelector("[data-go]");
  say(form, "");
  button.disabled = true;
  try {
    takeAlong(form);
    const options = await asked(form);
    form.elements.credential.value = JSON.stringify(await DEEDS[form.dataset.passkey](options));
    form.submit();
    return; // the next page is on its way
  } catch (error) {
    say(form, error instanceof Refused ? error.message : failed(form, error));
  }
  button.disabled = false;
}

class Refused extends Error {}

const DEEDS = {
  get: (options) => navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) }),
  create: (options) => navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) }),
};

async function asked(form) {
  const answer = await fetch(form.dataset.asks, {
    method: "POST",
    body: new URLSearchParams(new FormData(form)),
    credentials: "same-origin",
  });
  const found = await answer.json();
  if (!answer.ok) throw new Refused(found.sentence);
  return found;
}

// A box that stands in another form of the page goes along as this form's own field of that name.
function takeAlong(form) {
  const name = form.dataset.with;
  if (name) form.elements[name].disabled = !document.getElementById(name).checked;
}

function failed(form, error) {
  return error.name === "InvalidStateError" ? form.dataset.known : form.dataset.unused;
}

function say(form, words) {
  const place = form.querySelector("[data-said]");
  place.textContent = words;
  place.hidden = !words;
}
