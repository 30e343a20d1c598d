// Single keys for whoever decides all day; off until somebody switches them on (WCAG 2.1.4). All works without them.
"use strict";
const form = document.querySelector("form[data-keys]");
if (form) {
  const label = form.querySelector("[data-switch]");
  const box = label.querySelector("input");
  label.hidden = false;
  box.checked = localStorage.getItem("phishing-keys") === "on";
  box.addEventListener("change", () => localStorage.setItem("phishing-keys", box.checked ? "on" : "off"));
  const reason = form.elements.namedItem("reason");
  const links = [...document.querySelectorAll("main article")];
  let at = -1;
  const show = (next) => {
    at = Math.min(Math.max(next, 0), links.length - 1);
    if (links[at]) { links[at].tabIndex = -1; links[at].focus(); }
  };
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input:not([type=checkbox]), textarea, select");
    if (box.checked && event.target === reason && event.key === "Escape") reason.blur();
    if (!box.checked || typing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "j") show(at + 1);
    else if (event.key === "k") show(at - 1);
    else if (event.key === "r") { reason.focus(); event.preventDefault(); }
    else {
      const button = form.querySelector(`button[data-key="${CSS.escape(event.key)}"]`);
      if (button && reason.value.trim()) form.requestSubmit(button);
      else if (button) { reason.focus(); event.preventDefault(); }
    }
  });
}
