// The figures: before and after, sources, quality.

function overviewSection() {
  const { records, entities, precision, recall } = data.counts;
  const repeated = records - entities;
  return section(
    "overview",
    say("overview"),
    make(
      "p",
      { class: "hero" },
      say("hero", {
        records: say("n.records", { n: records }),
        customers: say("n.customers", { n: entities }),
      }),
    ),
    make(
      "p",
      { class: "lead" },
      repeated
        ? say("hero.repeated", {
            n: repeated,
            share: percent(repeated / (records || 1)),
          })
        : say("hero.none"),
      say("gap"),
      cameIn(),
    ),
    make(
      "div",
      {
        class: "beforeafter",
        role: "img",
        "aria-label": say("before.after", { records, entities }),
      },
      flow(say("before"), records, records, "before"),
      flow(say("after"), entities, records, "after"),
    ),
    make(
      "ul",
      { class: "tiles" },
      tile("review", data.counts.review, "tile.review"),
      tile("conflicts", total(data.conflicts.counts), "tile.conflicts"),
      tile("quality", data.ghosts.count, "tile.ghosts"),
      tile("settings", data.warnings.length, "tile.warnings"),
    ),
    make(
      "div",
      { class: "columns" },
      make("div", {}, make("h3", {}, say("sizes")), bars(sizes())),
      make(
        "div",
        {},
        make("h3", {}, say("estimates")),
        bars([
          [say("estimate.precision"), precision, percent(precision, 1)],
          [say("estimate.recall"), recall, percent(recall, 1)],
        ]),
        make("p", { class: "quiet" }, say("estimates.note")),
      ),
    ),
  );
}

/** Return in words what the records are, and how much of them was compared. */
function cameIn() {
  const n = data.sources.rows.length;
  return say("came.in", {
    from: n > 1 ? say("came.from", { n }) : "",
    columns: say("n.columns", { n: data.columns.length }),
    fields: say("n.fields", { n: data.fields.length }),
  });
}

function total(counts) {
  return Object.values(counts).reduce((sum, n) => sum + n, 0);
}

function flow(label, number, all, kind) {
  return make(
    "div",
    { class: `flow ${kind}` },
    make("span", {}, label),
    make("strong", {}, count(number)),
    bar(number / (all || 1), kind),
  );
}

function tile(target, number, key) {
  return make(
    "li",
    {},
    make(
      "a",
      { href: `#${target}` },
      make("strong", {}, count(number)),
      make("span", {}, say(key, { n: number })),
    ),
  );
}

/** Return how many customers have how many records, rare sizes taken together. */
function sizes() {
  const groups = [
    [1, 1],
    [2, 2],
    [3, 3],
    [4, 4],
    [5, 9],
    [10, Infinity],
  ];
  return groups
    .map(([from, to]) => {
      const held = data.counts.sizes
        .filter(([size]) => size >= from && size <= to)
        .reduce((sum, [, n]) => sum + n, 0);
      const text =
        to === Infinity
          ? say("size.more", { n: from })
          : from === to
            ? say("n.records", { n: from })
            : say("size.range", { from, to });
      return [text, held / (data.counts.entities || 1), count(held)];
    })
    .filter(([, share]) => share > 0);
}

/** Return labelled bars: texts, shares in [0, 1], what the bars say, their kinds. */
function bars(rows) {
  return make(
    "dl",
    { class: "bars" },
    rows.map(([label, share, text, kind]) =>
      make(
        "div",
        {},
        make("dt", {}, label),
        make("dd", {}, bar(share, kind), make("span", { class: "figure" }, text)),
      ),
    ),
  );
}

function sourcesSection() {
  const columns = [
    {
      head: say("source"),
      value: (row) => row[0],
      cell: (row) => shown(row[0] ?? say(several ? "source.none" : "source.all")),
    },
    {
      head: say("records"),
      numeric: true,
      value: (row) => row[1],
      cell: (row) => count(row[1]),
    },
    {
      head: say("customers"),
      numeric: true,
      minor: true,
      value: (row) => row[2],
      cell: (row) => count(row[2]),
    },
    {
      head: say("repeated"),
      numeric: true,
      minor: true,
      value: repeats,
      cell: (row) => count(repeats(row)),
    },
    {
      head: say("repeated.share"),
      value: (row) => repeats(row) / (row[1] || 1),
      cell: (row) => measured(repeats(row) / (row[1] || 1), "against"),
    },
    several && {
      head: say("shared"),
      numeric: true,
      minor: true,
      value: (row) => row[3],
      cell: (row) => count(row[3]),
    },
  ].filter(Boolean);
  const names = data.sources.rows.map(([name]) => name ?? say("source.none"));
  const matrix = data.sources.shared;
  return section(
    "sources",
    say("sources.title"),
    make("p", { class: "lead" }, say(several ? "sources.lead" : "sources.one")),
    dataTable({ caption: say("sources.title"), columns, rows: data.sources.rows }),
    matrix.length > 1 &&
      make(
        "details",
        {},
        make("summary", {}, say("sources.shared")),
        table(
          say("sources.shared"),
          [say("source"), ...names.map(shown)],
          matrix.map((row, i) => [
            shown(names[i]),
            ...row.map((n, k) => (i === k ? "" : count(n))),
          ]),
        ),
      ),
  );
}

/** Return how many records of a source repeat a customer whom it has already. */
function repeats([, records, entities]) {
  return records - entities;
}

function measured(share, kind = "") {
  return make(
    "span",
    { class: "measured" },
    bar(share, kind),
    make("span", { class: "figure" }, percent(share)),
  );
}

/** Return a share before and after; once where nothing changed. */
function change(before, after) {
  const [one, other] = [percent(before), percent(after)];
  return one === other ? one : `${one} → ${other}`;
}

function qualitySection() {
  const rows = data.quality.map(([field, before, after]) => [
    field,
    make(
      "span",
      { class: "twice" },
      measured(before[0], "before"),
      measured(after[0], "after"),
    ),
    change(before[1], after[1]),
    change(before[2], after[2]),
  ]);
  const heads = ["field", "filled", "valid", "distinct"].map((key) => say(key));
  return section(
    "quality",
    say("quality"),
    make("p", { class: "lead" }, say("quality.lead")),
    make(
      "p",
      { class: "legend" },
      make("span", { class: "before" }, say("before")),
      " ",
      make("span", { class: "after" }, say("after")),
    ),
    table(say("quality"), heads, rows, [false, false, false, true]),
    make("h3", {}, say("issues")),
    data.issues.length
      ? dataTable({
          caption: say("issues"),
          rows: data.issues,
          columns: [
            {
              head: say("issue"),
              value: (row) => word("issue", row[1]),
              cell: (row) => word("issue", row[1]),
            },
            { head: say("field"), value: (row) => row[0], cell: (row) => shown(row[0]) },
            {
              head: say("severity"),
              minor: true,
              value: (row) => word("severity", row[2]),
              cell: (row) => word("severity", row[2]),
            },
            {
              head: say("findings"),
              numeric: true,
              value: (row) => row[3],
              cell: (row) => count(row[3]),
            },
          ],
        })
      : make("p", {}, say("issues.none")),
    ghosts(),
  );
}

function ghosts() {
  const { count: all, rows } = data.ghosts;
  const columns = [
    { head: say("record"), value: (row) => row[0], cell: (row) => shown(row[0]) },
    several && {
      head: say("source"),
      value: (row) => row[1],
      cell: (row) => shown(row[1]),
    },
    { head: say("ghost.reasons"), value: reasons, cell: reasons },
    {
      head: say("customer"),
      minor: true,
      value: (row) => nameOf(row[2]) || null,
      cell: (row) => customerButton(row[2]),
    },
  ].filter(Boolean);
  return [
    make("h3", {}, say("ghosts")),
    make("p", {}, say(all ? "ghosts.lead" : "ghosts.none", { n: all })),
    all > rows.length &&
      make("p", { class: "note" }, say("list.cut", { some: rows.length, all })),
    rows.length > 0 && dataTable({ caption: say("ghosts"), rows, columns }),
  ].filter(Boolean);
}

function reasons(row) {
  return row[4]
    .split("; ")
    .map((reason) => word("ghost", reason))
    .join("; ");
}
