// Searches the list of products while one types. Without it the button does the same.
"use strict";
for (const form of document.querySelectorAll("form[data-as-you-type]")) {
  const found = document.getElementById(form.dataset.asYouType);
  const field = form.querySelector("input");
  let timer, asked = 0;
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const mine = ++asked;
      const address = new URL(location.href);
      address.searchParams.set("q", field.value);
      const answer = await fetch(address, { headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok || mine !== asked) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      found.replaceChildren(...document.importNode(page.getElementById(found.id), true).childNodes);
    }, 250);
  });
}
