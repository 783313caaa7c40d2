"use strict";

// What all parts of the page are made with: data, words, numbers, elements.

const data = JSON.parse(document.getElementById("data").textContent);
const words = JSON.parse(document.getElementById("texts").textContent);
const SHORT = 16; // characters of a value that stays on one line
const BRIEF = 6; // those of one that does on a phone too, as most Chinese names
const root = document.documentElement;
const state = { language: data.language, answers: loadAnswers() };

/** Return a text of the dictionary with its parameters put in; numbers are formatted. */
function say(key, params = {}) {
  let text = words[state.language][key];
  if (text === undefined) return params.otherwise ?? key;
  if (typeof text === "object") {
    const form = new Intl.PluralRules(state.language).select(params.n);
    text = text[form] ?? text.other;
  }
  return text.replace(/\{(\w+)\}/g, (_, name) =>
    typeof params[name] === "number" ? count(params[name]) : params[name],
  );
}

/** Return the word for a name of the library's own, or the name itself. */
function word(group, name) {
  return say(`${group}.${name}`, { otherwise: name });
}

function count(number) {
  return new Intl.NumberFormat(state.language).format(number);
}

function percent(share, digits = 0) {
  if (share === null) return "–";
  const style = { style: "percent", maximumFractionDigits: digits };
  return new Intl.NumberFormat(state.language, style).format(share);
}

/** Return a probability, of which the last per mille is never rounded away. */
function chance(share) {
  if (share > 0.999) return `> ${percent(0.999, 1)}`;
  if (share < 0.001) return `< ${percent(0.001, 1)}`;
  return percent(share, share > 0.99 || share < 0.01 ? 1 : 0);
}

function bits(number) {
  const style = {
    signDisplay: "exceptZero",
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  };
  return new Intl.NumberFormat(state.language, style).format(number).replace("-", "−");
}

/** Return how many times likelier so many bits make something, as people say it. */
function times(number) {
  const factor = 2 ** Math.abs(number);
  const style = { maximumSignificantDigits: 2 };
  if (factor < 1_000_000)
    return new Intl.NumberFormat(state.language, style).format(factor);
  return new Intl.NumberFormat(state.language, {
    ...style,
    notation: "compact",
    compactDisplay: "long",
  }).format(factor);
}

/**
 * Return an element. Texts become text nodes, so that no value of a customer is ever
 * read as HTML.
 */
function make(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style")
      for (const [key, text] of Object.entries(value))
        element.style.setProperty(key, text);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(
    ...children
      .flat(Infinity)
      .filter((child) => child !== null && child !== undefined && child !== false),
  );
  return element;
}

/** Return a customer's value, set apart from the direction of the text around it. */
function shown(text) {
  if (text === null || text === undefined || text === "")
    return make(
      "span",
      { class: "missing" },
      make("span", { "aria-hidden": "true" }, "–"),
      hidden(say("missing")),
    );
  const { length } = String(text);
  const kind = length <= BRIEF ? "short brief" : length <= SHORT && "short";
  return make("bdi", { class: kind }, String(text));
}

/** Return a text for those who hear the page. */
function hidden(text) {
  return make("span", { class: "hidden" }, text);
}

/** Return a bar of a share in [0, 1]; the number stands beside it. */
function bar(share, kind = "") {
  const style = { "--share": `${Math.max(0, Math.min(1, share ?? 0)) * 100}%` };
  return make(
    "span",
    { class: `bar ${kind}`, "aria-hidden": "true" },
    make("span", { style }),
  );
}

function section(id, heading, ...children) {
  const title = make("h2", { id: `${id}-title` }, heading);
  return make("section", { id, "aria-labelledby": title.id }, title, ...children);
}

/**
 * Return a plain table. Cells are nodes or texts; numbers stand to the right. The
 * columns of which minor is true are left out where there is little room.
 */
function table(caption, heads, rows, minor = []) {
  const kind = (cell, i) =>
    headClass({ numeric: typeof cell === "number", minor: minor[i] });
  const head = heads.map((text, i) =>
    make("th", { scope: "col", class: kind(rows[0]?.[i], i) }, text),
  );
  const body = rows.map((cells) =>
    make(
      "tr",
      {},
      cells.map((cell, i) =>
        make(
          i ? "td" : "th",
          { scope: i ? null : "row", class: kind(cell, i) },
          typeof cell === "number" ? count(cell) : cell,
        ),
      ),
    ),
  );
  return scrolled(
    caption,
    make(
      "table",
      {},
      make("caption", { class: "hidden" }, caption),
      make("thead", {}, make("tr", {}, head)),
      make("tbody", {}, body),
    ),
  );
}

/** Return what may be wider than the page, so that keys can scroll it. */
function scrolled(label, element) {
  return make(
    "div",
    { class: "scroll", tabindex: "0", role: "group", "aria-label": label },
    element,
  );
}

// -- Answers -----------------------------------------------------------------------

/** Return the answers that this browser keeps for this very report. */
function loadAnswers() {
  try {
    return JSON.parse(localStorage.getItem(`custmerge-${root.dataset.key}`)) ?? {};
  } catch {
    return {};
  }
}

function keepAnswers() {
  try {
    localStorage.setItem(
      `custmerge-${root.dataset.key}`,
      JSON.stringify(state.answers),
    );
  } catch {
    // Where a browser keeps nothing, the answers last until the page is closed.
  }
}
