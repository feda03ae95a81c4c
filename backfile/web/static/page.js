// @ts-check
/* What pages can do besides; each is whole without it. */
const $ = (/** @type {string} */ what, /** @type {ParentNode} */ where = document) => /** @type {HTMLElement | null} */ (where.querySelector(what));
const all = (/** @type {string} */ what, /** @type {ParentNode} */ where = document) => /** @type {HTMLElement[]} */ ([...where.querySelectorAll(what)]);
const made = (/** @type {string} */ tag, /** @type {Record<string, string>} */ given = {}, text = "") => {
  const one = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) one.setAttribute(name, value);
  one.textContent = text;
  return one;
};
const kept = {
  get: (/** @type {string} */ name) => { try { return localStorage.getItem(name); } catch { return null; } },
  set: (/** @type {string} */ name, /** @type {string} */ value) => { try { localStorage.setItem(name, value); } catch { /* then it lasts for this page */ } },
};

/* -- light and dark -- */
const theme = (/** @type {string} */ name) => {
  if (name === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = name;
};
theme(kept.get("theme") ?? "auto");
const place = $("[data-theme-switch]");
if (place) {
  const button = made("button", { type: "button" }, `Colours: ${kept.get("theme") ?? "auto"}`);
  const names = ["auto", "light", "dark"];
  button.addEventListener("click", () => {
    const next = names[(names.indexOf(kept.get("theme") ?? "auto") + 1) % names.length];
    kept.set("theme", next);
    theme(next);
    button.textContent = `Colours: ${next}`;
  });
  place.append(button);
}

/* -- completion in the query box: an ARIA combobox over /api/v1/suggest -- */
const box = /** @type {HTMLInputElement | null} */ ($("#q"));
if (box) {
  const list = made("ul", { id: "completions", class: "completions", role: "listbox", "aria-label": "Completions" });
  list.hidden = true;
  box.after(list);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": "completions", "aria-autocomplete": "list" })) box.setAttribute(name, value);
  let at = -1;
  let asked = new AbortController();
  let waits = 0;
  const word = () => {
    const before = box.value.slice(0, box.selectionStart ?? box.value.length);
    return /(?:[\w.]+:=?"[^"]*|[^\s()"]*)$/.exec(before)?.[0] ?? "";
  };
  const close = () => { list.hidden = true; at = -1; box.setAttribute("aria-expanded", "false"); box.removeAttribute("aria-activedescendant"); };
  const take = (/** @type {HTMLElement} */ item) => {
    const end = box.selectionStart ?? box.value.length;
    const start = end - word().length;
    const text = item.dataset.text ?? "";
    box.setRangeText(text + (text.endsWith(":") ? "" : " "), start, end, "end");
    close();
    box.focus();
    if (text.endsWith(":")) ask();
  };
  const move = (/** @type {number} */ step) => {
    const items = all("li", list);
    if (!items.length) return;
    at = (at + step + items.length) % items.length;
    items.forEach((item, n) => item.setAttribute("aria-selected", String(n === at)));
    box.setAttribute("aria-activedescendant", items[at].id);
  };
  const ask = async () => {
    const typed = word().replace(/^-/, "");
    asked.abort();
    if (!typed) return close();
    asked = new AbortController();
    try {
      const answer = await fetch(`/api/v1/suggest?limit=8&q=${encodeURIComponent(typed)}`, { signal: asked.signal });
      if (!answer.ok) return close();
      const { items } = await answer.json();
      const minus = word().startsWith("-") ? "-" : "";
      list.replaceChildren(...items.map((/** @type {{field: string, value: string, count: number}} */ one, /** @type {number} */ n) => {
        const exact = one.field && one.field !== "saved" && one.field !== "is";
        const text = one.field ? `${minus}${one.field}:${exact ? `="${one.value.replace(/["“”„\\]/g, "\\$&")}"` : one.value}` : minus + one.value;
        const item = made("li", { id: `c${n}`, role: "option", "aria-selected": "false", "data-text": text });
        item.append(made("span", { dir: "auto" }, one.value), made("span", { class: "n" }, one.field ? `${one.field}${one.count ? ` ${one.count}` : ""}` : "field"));
        item.addEventListener("mousedown", (event) => { event.preventDefault(); take(item); });
        return item;
      }));
      at = -1;
      list.hidden = !items.length;
      box.setAttribute("aria-expanded", String(!list.hidden));
    } catch { /* a newer question was asked, or nobody answers */ }
  };
  box.addEventListener("input", () => { clearTimeout(waits); waits = setTimeout(ask, 120); });
  box.addEventListener("blur", close);
  box.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); move(event.key === "ArrowDown" ? 1 : -1); }
    else if (event.key === "Escape") { event.preventDefault(); close(); }
    else if ((event.key === "Enter" || event.key === "Tab") && at >= 0) { event.preventDefault(); take(all("li", list)[at]); }
  });
}

/* -- names in the text: what is marked, and what each is -- */
const story = $(".text");
const legend = $("[data-legend]");
if (story && legend) {
  for (const key of all(".key", legend)) {
    const kind = ["person", "place", "org", "date"].find((one) => key.classList.contains(one)) ?? "";
    const button = made("button", { type: "button", "aria-pressed": "true", class: key.className, title: "mark these in the text, or not" }, key.textContent ?? "");
    button.addEventListener("click", () => {
      const off = story.classList.toggle(`unmarked-${kind}`);
      button.setAttribute("aria-pressed", String(!off));
    });
    key.replaceWith(button);
  }
  story.addEventListener("click", (event) => {
    all(".popover").forEach((one) => one.remove());
    const target = /** @type {Element} */ (event.target);
    const name = /** @type {HTMLElement | null} */ (target.closest(".name"));
    if (!name || target.closest("a")) return;
    const entry = document.getElementById(`name-${name.dataset.name}`);
    if (!entry) return;
    const told = made("div", { class: "popover", role: "note" });
    told.append(...[...entry.childNodes].map((node) => node.cloneNode(true)));
    const same = all(`.name[data-name="${name.dataset.name}"][id]`, story);
    const nth = same.indexOf(name) + 1;
    if (nth) told.append(made("p", { class: "n" }, `${nth} of ${same.length} in this text`));
    document.body.append(told);
    const where = name.getBoundingClientRect();
    told.style.setProperty("left", `${Math.max(8, Math.min(where.left, innerWidth - told.offsetWidth - 8)) + scrollX}px`);
    told.style.setProperty("top", `${where.bottom + scrollY + 6}px`);
  });
}

/* -- keys: help_keys.html lists the same -- */
let here = -1;
const step = (/** @type {HTMLElement[]} */ some, /** @type {number} */ by) => {
  if (!some.length) return;
  some[here]?.classList.remove("at");
  here = Math.max(0, Math.min(some.length - 1, here + by));
  some[here].classList.add("at");
  some[here].scrollIntoView({ block: "center" });
  ($("a", some[here]) ?? some[here]).focus({ preventScroll: true });
};
const round = (/** @type {number} */ by) => {
  const some = all(".text mark").length ? all(".text mark") : all(".text .name[id]");
  if (!some.length) return;
  some[here]?.classList.remove("at");
  here = (here + by + some.length) % some.length;
  some[here].classList.add("at");
  some[here].scrollIntoView({ block: "center" });
};
const go = (/** @type {string} */ what) => $(what)?.click();
/** @type {Record<string, () => void>} */
const keys = {
  "/": () => { box?.focus(); box?.select(); },
  j: () => step(all(".hits > li"), 1), k: () => step(all(".hits > li"), -1),
  o: () => go(".hits > li.at a"), n: () => round(1), p: () => round(-1),
  "[": () => go(".beside [rel=prev]"), "]": () => go(".beside [rel=next]"),
  v: () => go(".tabs a[href$='/versions']"), e: () => go(".tabs a[href$='/evidence']"), s: () => go(".tabs a[href$='/sources']"),
  t: () => $("#tag")?.focus(), "?": () => { location.href = "/help/keys"; },
};
addEventListener("keydown", (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  if (event.key === "Escape") all(".popover").forEach((one) => one.remove());
  if (event.ctrlKey || event.metaKey || event.altKey || kept.get("keys") === "off" || target.closest("input, textarea, select, [contenteditable]")) return;
  const act = keys[event.key];
  if (act) { event.preventDefault(); act(); }
});
const on = /** @type {HTMLInputElement | null} */ ($("[data-keys]"));
if (on) {
  on.checked = kept.get("keys") !== "off";
  on.addEventListener("change", () => kept.set("keys", on.checked ? "on" : "off"));
}

/* -- how far a job is -- */
const job = $("[data-job]");
if (job?.dataset.job) {
  const source = new EventSource(job.dataset.job);
  const say = (/** @type {string} */ what, /** @type {string | number} */ text) => { const one = $(what, job); if (one) one.textContent = String(text); };
  let news = -1; // what comes first stands on the page
  source.addEventListener("progress", (event) => {
    const now = JSON.parse(event.data);
    const total = now.waiting + now.done + now.failed + now.rejected;
    news += now.ended ? 2 : 1;
    say("[data-done]", total - now.waiting);
    say("[data-total]", total);
    say("[data-state]", now.ended ? "Nothing is left to do." : now.trouble ? `It does not go on: ${now.trouble}.` : now.running ? "Under way." : "Waiting for its turn.");
    for (const one of all("[data-count]", job)) one.textContent = now[one.dataset.count ?? ""];
    const bar = /** @type {HTMLProgressElement | null} */ ($("progress", job));
    if (bar) { bar.max = total || 1; bar.value = total - now.waiting; }
  });
  source.addEventListener("error", () => say("[data-state]", "The server does not answer."));
  source.addEventListener("done", () => { source.close(); if (news > 0) location.reload(); });
}

/* -- on small screens the panel is folded until it is asked for -- */
const panel = /** @type {HTMLDetailsElement | null} */ ($("details.narrow"));
if (panel && matchMedia("(max-width: 59.99rem)").matches) panel.open = false;
