// The page works without this file. With it, answers arrive without a full reload, keys do
// what buttons do, and times come from the device's own clock.

const live = document.getElementById("live");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const pad = (number) => String(number).padStart(2, "0");

// The device's time as ISO 8601 with its offset from UTC.
function now() {
  const date = new Date();
  const offset = -date.getTimezoneOffset();
  const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, 19);
  const minutes = Math.abs(offset);
  return `${local}${offset < 0 ? "-" : "+"}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}

// A wish about time needs the time; it is sent along and never kept in the address bar.
function withNow(url) {
  const timed = new URL(url);
  if (timed.searchParams.get("until")) timed.searchParams.set("now", now());
  return timed;
}

function withoutNow(url) {
  const plain = new URL(url);
  plain.searchParams.delete("now");
  return plain;
}

function showEnd() {
  for (const place of document.querySelectorAll("[data-runtime]")) {
    const end = new Date(Date.now() + Number(place.dataset.runtime) * 60_000);
    place.querySelector("time").textContent = `${pad(end.getHours())}:${pad(end.getMinutes())}`;
    place.hidden = false;
  }
}

// Where the reader was: on a list, what has the first of some ids that is still there stays where
// it was on the screen and gets the focus. Says whether there is such a thing.
function stayAt(ids, tops) {
  const id = ids.find((one) => document.getElementById(one));
  const place = document.getElementById(id ?? "");
  if (!place) return false;
  const top = tops.get(id) ?? -1;
  if (top >= 0) scrollBy({ top: place.getBoundingClientRect().top - top, behavior: "instant" });
  else place.scrollIntoView({ behavior: "instant" });
  (place.querySelector("summary") ?? place).focus({ preventScroll: true });
  return true;
}

// Puts another answer's <main> in the place of this one. Resolves to false when the answer
// is no page of ours, and the browser should go there by itself.
async function swap(url, { method = "GET", body, history: entry = "push", stay = "" } = {}) {
  const main = document.querySelector("main");
  const ids = stay.split(" ").filter(Boolean);
  const tops = new Map(
    ids.map((id) => [id, document.getElementById(id)?.getBoundingClientRect().top]),
  );
  // A second click before the answer means the same as the first.
  if (entry === "push" && main.ariaBusy === "true") return true;
  main.classList.add("is-loading");
  main.ariaBusy = "true";
  try {
    const response = await fetch(method === "GET" ? withNow(url) : url, {
      method,
      body,
      headers: { Accept: "text/html" },
      credentials: "same-origin",
    });
    const type = response.headers.get("Content-Type") ?? "";
    if (!type.startsWith("text/html")) return false;
    const next = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = next.querySelector("main");
    if (!fresh) return false;
    const place = withoutNow(response.url);
    const replace = () => {
      main.replaceWith(fresh);
      document.title = next.title;
      if (entry === "push" && place.href !== location.href) history.pushState(null, "", place);
      showEnd();
    };
    if (document.startViewTransition && !calm.matches) {
      await document.startViewTransition(replace).updateCallbackDone;
    } else {
      replace();
    }
    if (!stayAt(ids, tops)) {
      scrollTo({ top: 0, behavior: "instant" });
      fresh.querySelector("h1")?.focus({ preventScroll: true });
    }
    live.textContent = fresh.dataset.announce ?? "";
    return true;
  } catch {
    return false;
  } finally {
    main.classList.remove("is-loading");
    main.ariaBusy = null;
  }
}

function go(url, options) {
  swap(url, options).then((done) => done || location.assign(url));
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-swap]");
  const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
  if (!link || !plain || event.defaultPrevented) return;
  event.preventDefault();
  go(link.href, { stay: link.dataset.stay });
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-swap]")) return;
  event.preventDefault();
  const data = new FormData(form, event.submitter);
  if (form.method === "get") {
    const url = new URL(form.action);
    for (const [name, value] of data) {
      if (value && !(name === "novelty" && Number(value) === 0)) url.searchParams.append(name, value);
    }
    go(url.href, { stay: form.dataset.stay });
    return;
  }
  // "Not tonight" ends with the viewer's evening.
  const body = new URLSearchParams(data);
  body.set("now", now());
  const button = event.submitter;
  const action = button?.hasAttribute("formaction") ? button.formAction : form.action;
  swap(action, { method: "POST", body, stay: form.dataset.stay }).then((done) => {
    // What the network lost may have been saved: reload to see, never send it twice.
    if (!done) location.reload();
  });
});

addEventListener("popstate", () => go(location.href, { history: "keep" }));

// What lies over the page is closed as people expect it.
document.addEventListener("keydown", (event) => {
  const open = document.querySelector("details[open][name='change']");
  if (event.key !== "Escape" || !open) return;
  open.open = false;
  open.querySelector("summary").focus();
});

document.addEventListener("click", (event) => {
  const open = document.querySelector("details[open][name='change']");
  if (open && !open.contains(event.target)) open.open = false;
});

// Single keys, not while typing, and only as long as they are switched on.
const shortcuts = document.getElementById("shortcuts");
const switchedOn = document.getElementById("shortcuts-on");
const stored = "tonight.shortcuts";

function remember(on) {
  try {
    localStorage.setItem(stored, on ? "on" : "off");
  } catch {
    // A browser that keeps nothing keeps this neither.
  }
}

function recalled() {
  try {
    return localStorage.getItem(stored) !== "off";
  } catch {
    return true;
  }
}

function setShortcuts(on) {
  switchedOn.checked = on;
  document.documentElement.classList.toggle("keys", on);
}

shortcuts.hidden = false;
setShortcuts(recalled());
switchedOn.addEventListener("change", () => {
  setShortcuts(switchedOn.checked);
  remember(switchedOn.checked);
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea, [contenteditable]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (!switchedOn.checked || event.defaultPrevented) return;
  if (event.key === "?") {
    shortcuts.open = !shortcuts.open;
    shortcuts.querySelector("summary").focus();
    return;
  }
  const target = document.querySelector(`[data-shortcut="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!target || target.disabled) return;
  event.preventDefault();
  if (target.matches("details")) {
    target.open = !target.open;
    target.querySelector("summary").focus();
  } else {
    target.click();
  }
});

showEnd();
setInterval(showEnd, 15_000);
