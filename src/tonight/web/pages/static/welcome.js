// Films appear while a favourite is being typed; without this file the button finds them.

let latest = 0;
let timer;

async function find(field) {
  const mine = ++latest;
  const place = document.getElementById("found");
  if (field.value.trim().length < 2) {
    place.replaceChildren();
    return;
  }
  const url = new URL(field.form.action);
  url.searchParams.set("q", field.value);
  try {
    const response = await fetch(url, { headers: { Accept: "text/html" } });
    if (!response.ok) return;
    const next = new DOMParser().parseFromString(await response.text(), "text/html");
    const found = next.getElementById("found");
    // An answer to what was typed before this one comes too late.
    if (mine === latest && found) place.replaceChildren(...found.childNodes);
  } catch {
    // The button still works.
  }
}

document.addEventListener("input", (event) => {
  if (event.target.id !== "q") return;
  clearTimeout(timer);
  timer = setTimeout(find, 180, event.target);
});
