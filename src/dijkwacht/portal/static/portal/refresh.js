// Renews the parts of a page that are marked with data-refresh (milliseconds) while the page is seen.
"use strict";
const parts = () => document.querySelectorAll("[data-refresh][id]");
async function renew() {
  if (!document.hidden) {
    const answer = await fetch(location.href, { headers: { "X-Requested-With": "refresh" } });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of parts()) {
      const next = fresh.getElementById(part.id);
      if (!next) { location.reload(); return; }
      part.replaceChildren(...next.childNodes);
      if (!next.dataset.refresh) { location.reload(); return; }
    }
  }
  schedule();
}
function schedule() {
  const [first] = parts();
  if (first) setTimeout(() => renew().catch(schedule), Number(first.dataset.refresh));
}
schedule();
