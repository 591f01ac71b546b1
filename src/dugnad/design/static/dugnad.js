// The little that script adds. Everything works without it.
"use strict";

for (const hidden of document.querySelectorAll(".dn-script-only")) hidden.hidden = false;

document.addEventListener("click", async (event) => {
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    await navigator.clipboard.writeText(copy.dataset.copy);
    const label = copy.querySelector("span");
    label.setAttribute("role", "status");
    label.textContent = copy.dataset.copied;
  }
  if (event.target.closest("[data-print]")) window.print();
});

// A second click while the first is under way sends nothing; the server would refuse the double anyway.
document.addEventListener("submit", (event) => {
  const form = event.target;
  // htmx has taken over the forms whose submission it prevents.
  if (event.defaultPrevented || form.method !== "post") return;
  // What opens in another tab leaves this page in use.
  if (event.submitter?.formTarget === "_blank") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
});

// Back from the history: the form may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const busy of document.querySelectorAll("[aria-busy=true]")) busy.removeAttribute("aria-busy");
});
