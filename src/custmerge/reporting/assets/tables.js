// Tables that can be searched, filtered, sorted and paged.

const PAGE = 25;

/**
 * Return a table with its controls.
 *
 * caption   what the rows are
 * columns   { head, value(row), cell(row), numeric, minor }: value sorts, cell shows;
 *           minor ones are left out where there is little room
 * rows      any things
 * search    (row) => text in which the words sought must be; none: no search
 * hint      what to search for
 * filter    { label, options: [[text, (row) => boolean], …] }; none: no filter
 * found     key of the text that counts the rows
 */
function dataTable({ caption, columns, rows, search, hint, filter, found = "n.rows" }) {
  const view = { page: 0, sought: [], test: null, column: -1, descending: false };
  const body = make("tbody");
  const status = make("p", { class: "status", role: "status" });
  const back = make(
    "button",
    { type: "button", onclick: () => turn(-1) },
    say("page.back"),
  );
  const next = make(
    "button",
    { type: "button", onclick: () => turn(1) },
    say("page.next"),
  );
  const heads = columns.map((column, place) =>
    make(
      "th",
      { scope: "col", class: headClass(column) },
      make(
        "button",
        { type: "button", class: "sort", onclick: () => sort(place) },
        column.head,
      ),
    ),
  );

  function turn(step) {
    view.page += step;
    draw();
  }

  function sort(place) {
    view.descending = view.column === place && !view.descending;
    view.column = place;
    view.page = 0;
    draw();
  }

  function draw() {
    let chosen = rows.filter(
      (row) =>
        (!view.test || view.test(row)) &&
        view.sought.every((part) => search(row).includes(part)),
    );
    if (view.column >= 0)
      chosen = sorted(chosen, columns[view.column].value, view.descending);
    const pages = Math.max(1, Math.ceil(chosen.length / PAGE));
    view.page = Math.min(Math.max(view.page, 0), pages - 1);
    const start = view.page * PAGE;
    const visible = chosen.slice(start, start + PAGE);
    body.replaceChildren(
      ...visible.map((row) =>
        make(
          "tr",
          {},
          columns.map((column) =>
            make("td", { class: headClass(column) }, column.cell(row)),
          ),
        ),
      ),
    );
    heads.forEach((head, place) => {
      if (place === view.column)
        head.setAttribute("aria-sort", view.descending ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    status.textContent = chosen.length
      ? say("page.rows", {
          from: start + 1,
          to: start + visible.length,
          all: say(found, { n: chosen.length }),
        })
      : say("page.none");
    back.disabled = view.page === 0;
    next.disabled = view.page === pages - 1;
  }

  const controls = make("div", { class: "controls" });
  if (search) {
    const box = make("input", {
      type: "search",
      autocomplete: "off",
      spellcheck: "false",
      placeholder: hint,
    });
    box.addEventListener("input", () => {
      view.sought = folded(box.value).split(/\s+/u).filter(Boolean);
      view.page = 0;
      draw();
    });
    controls.append(make("label", {}, make("span", {}, say("search")), box));
  }
  if (filter) {
    const choice = make(
      "select",
      {},
      filter.options.map(([text], place) => make("option", { value: place }, text)),
    );
    choice.addEventListener("change", () => {
      view.test = filter.options[choice.value][1];
      view.page = 0;
      draw();
    });
    controls.append(make("label", {}, make("span", {}, filter.label), choice));
  }
  draw();
  return make(
    "div",
    { class: "data" },
    controls.childElementCount ? controls : null,
    scrolled(
      caption,
      make(
        "table",
        {},
        make("caption", { class: "hidden" }, caption),
        make("thead", {}, make("tr", {}, heads)),
        body,
      ),
    ),
    (search || rows.length > PAGE) &&
      make(
        "div",
        { class: "pager" },
        status,
        rows.length > PAGE && make("span", { class: "turn" }, back, next),
      ),
  );
}

function headClass(column) {
  return (
    [column.numeric && "number", column.minor && "minor"].filter(Boolean).join(" ") ||
    null
  );
}

/** Return rows in the order of a value; those without one come last either way. */
function sorted(rows, value, descending) {
  const collator = new Intl.Collator(state.language, { numeric: true });
  const turn = descending ? -1 : 1;
  const order = ([a], [b]) => {
    if (a === null || b === null) return (a === null) - (b === null);
    return turn * (typeof a === "number" ? a - b : collator.compare(a, b));
  };
  return rows
    .map((row) => [value(row), row])
    .sort(order)
    .map(([, row]) => row);
}

/** Return a text without what search looks over: case, accents, width. */
function folded(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
