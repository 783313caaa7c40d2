// The whole page.

const parts = {
  overview: overviewSection,
  customers: customersSection,
  review: reviewSection,
  conflicts: conflictsSection,
  relations: relationsSection,
  contacts: contactsSection,
  sources: sourcesSection,
  quality: qualitySection,
  model: modelSection,
  settings: settingsSection,
};

function header() {
  const language = make(
    "button",
    {
      type: "button",
      id: "language",
      lang: state.language === "en" ? "zh" : "en",
      onclick: () => {
        state.language = state.language === "en" ? "zh" : "en";
        draw();
        document.getElementById("language").focus();
      },
    },
    say("other.language"),
  );
  const theme = make(
    "button",
    {
      type: "button",
      id: "theme",
      "aria-pressed": String(root.dataset.theme === "dark"),
      onclick: () => {
        root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
        theme.setAttribute("aria-pressed", String(root.dataset.theme === "dark"));
      },
    },
    say("theme.dark"),
  );
  return make(
    "header",
    { class: "top" },
    make("a", { class: "skip", href: "#main" }, say("skip")),
    make(
      "div",
      { class: "title" },
      make("h1", {}, data.title || say("title")),
      make("div", { class: "switches" }, language, theme),
    ),
    data.masked && make("p", { class: "note" }, say("masked")),
  );
}

function draw() {
  root.lang = state.language === "zh" ? "zh-CN" : "en";
  document.title = data.title || say("title");
  const links = Object.keys(parts).map((id) =>
    make("li", {}, make("a", { href: `#${id}` }, say(`nav.${id}`))),
  );
  document.getElementById("page")?.remove();
  document.body.append(
    make(
      "div",
      { id: "page" },
      header(),
      make("nav", { "aria-label": say("contents") }, make("ul", {}, links)),
      make(
        "main",
        { id: "main", tabindex: "-1" },
        Object.values(parts).map((part) => part()),
      ),
      make("footer", {}, make("p", {}, say("footer"))),
    ),
  );
}

root.toggleAttribute("data-masked", data.masked);
const preference = matchMedia("(prefers-color-scheme: dark)");
root.dataset.theme = preference.matches ? "dark" : "light";
preference.addEventListener("change", () => {
  root.dataset.theme = preference.matches ? "dark" : "light";
  document
    .getElementById("theme")
    .setAttribute("aria-pressed", String(preference.matches));
});
draw();
