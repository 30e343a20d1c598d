// Checks a field when one leaves it, and keeps the page while one types. Without it every page keeps what is posted.
"use strict";
const form = document.getElementById("step");
const kept = document.getElementById("kept");
const words = document.currentScript ? document.currentScript.dataset.kept : document.querySelector("script[data-kept]").dataset.kept;
const token = form.elements.csrfmiddlewaretoken.value;
async function checkField(field) {
  const name = field.dataset.check;
  const place = document.getElementById(`id_${name}_problem`);
  if (!name || !place) return;
  const body = new URLSearchParams({ name, value: field.value, csrfmiddlewaretoken: token });
  const answer = await fetch(form.dataset.checkAddress, { method: "POST", body, headers: { "X-Requested-With": "check" } });
  if (!answer.ok) return;
  const { problem } = await answer.json();
  place.textContent = problem;
  if (problem) field.setAttribute("aria-invalid", "true"); else field.removeAttribute("aria-invalid");
}
let timer = 0;
async function keep() {
  const body = new FormData(form);
  body.delete("file");
  body.set("do", "keep");
  const answer = await fetch(location.pathname, { method: "POST", body });
  if (answer.status === 204) kept.textContent = words;
}
form.addEventListener("focusout", (event) => { if (event.target.dataset.check) checkField(event.target).catch(() => {}); });
form.addEventListener("input", () => {
  kept.textContent = "";
  clearTimeout(timer);
  timer = setTimeout(() => keep().catch(() => {}), 1500);
});
form.addEventListener("submit", () => clearTimeout(timer));
