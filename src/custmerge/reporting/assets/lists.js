// Relations, contacts, conflicts, warnings and settings.

function relationsSection() {
  const { counts, rows } = data.relations;
  const kinds = Object.keys(counts).sort();
  const columns = [
    {
      head: say("relation"),
      value: (row) => word("relation", row[2]),
      cell: (row) => word("relation", row[2]),
    },
    {
      head: say("customer"),
      value: (row) => nameOf(row[0]) || null,
      cell: (row) => customerButton(row[0]),
    },
    {
      head: say("related.to"),
      value: (row) => nameOf(row[1]) || null,
      cell: (row) => customerButton(row[1]),
    },
    {
      head: say("in.common"),
      minor: true,
      value: (row) => inCommon(row[4]),
      cell: (row) => inCommon(row[4]),
    },
    {
      head: say("probability"),
      numeric: true,
      minor: true,
      value: (row) => row[3],
      cell: (row) => chance(row[3]),
    },
  ];
  return section(
    "relations",
    say("relations"),
    make(
      "p",
      { class: "lead" },
      say(rows.length ? "relations.lead" : "relations.none"),
    ),
    cutNote(counts, rows, "relation"),
    rows.length > 0 &&
      dataTable({
        caption: say("relations"),
        rows,
        columns,
        filter: kindFilter(kinds, "relation"),
        hint: say("search.hint.name"),
        search: (row) => folded(`${nameOf(row[0])}\n${nameOf(row[1])}`),
      }),
  );
}

/** Return the fields on which two relatives agree, by the names that people know. */
function inCommon(fields) {
  return (fields ?? "").split("; ").filter(Boolean).map(fieldName).join(say("comma"));
}

/** Return a filter of rows by their kinds, where there are several. */
function kindFilter(kinds, group) {
  if (kinds.length < 2) return undefined;
  const one = (kind) => [word(group, kind), (row) => row[2] === kind];
  return { label: say("show"), options: [[say("show.all"), null], ...kinds.map(one)] };
}

function contactsSection() {
  const { counts, rows } = data.contacts;
  const columns = [
    {
      head: say("contact"),
      value: (row) => row[1],
      cell: (row) => shown(row[1]),
    },
    {
      head: say("field"),
      minor: true,
      value: (row) => fieldName(row[0]),
      cell: (row) => fieldName(row[0]),
    },
    {
      head: say("contact.use"),
      value: (row) => word("use", row[2]),
      cell: (row) => word("use", row[2]),
    },
    {
      head: say("people"),
      numeric: true,
      value: (row) => row[4],
      cell: (row) => count(row[4]),
    },
    {
      head: say("records"),
      numeric: true,
      minor: true,
      value: (row) => row[3],
      cell: (row) => count(row[3]),
    },
  ];
  const uses = ["shared", "household", "placeholder"].filter((use) => counts[use]);
  return section(
    "contacts",
    say("contacts"),
    make("p", { class: "lead" }, say(rows.length ? "contacts.lead" : "contacts.none")),
    rows.length > 0 && useList(uses, counts),
    cutNote(counts, rows, "use"),
    rows.length > 0 &&
      dataTable({
        caption: say("contacts"),
        rows,
        columns,
        filter: kindFilter(uses, "use"),
        hint: say("search.hint.contact"),
        search: (row) => folded(row[1]),
        found: "n.contacts",
      }),
  );
}

/** Return what each use means, and how many contacts are of it. */
function useList(uses, counts) {
  return make(
    "ul",
    { class: "facts-list" },
    uses.map((use) =>
      make(
        "li",
        {},
        make("strong", {}, say(`n.${use}`, { n: counts[use] })),
        " ",
        say(`use.${use}.note`),
      ),
    ),
  );
}

function conflictsSection() {
  const { counts, rows } = data.conflicts;
  const order = ["high", "medium", "low"];
  const columns = [
    {
      head: say("severity"),
      minor: true,
      value: (row) => order.indexOf(row[2]),
      cell: (row) =>
        make("span", { class: `mark ${row[2]}` }, word("severity", row[2])),
    },
    {
      head: say("customer"),
      value: (row) => nameOf(row[0]) || null,
      cell: (row) => customerButton(row[0]),
    },
    { head: say("field"), value: (row) => row[1], cell: (row) => shown(row[1]) },
    {
      head: say("conflict.values"),
      value: (row) => row[3],
      cell: (row) => shown(row[3]),
    },
    {
      head: say("conflict.kept"),
      minor: true,
      value: (row) => row[4],
      cell: (row) => [shown(row[4]), " ", make("small", {}, word("rule", row[5]))],
    },
  ];
  return section(
    "conflicts",
    say("conflicts"),
    make(
      "p",
      { class: "lead" },
      say(rows.length ? "conflicts.lead" : "conflicts.none"),
    ),
    cutNote(counts, rows, "severity"),
    rows.length > 0 &&
      dataTable({
        caption: say("conflicts"),
        rows,
        columns,
        hint: say("search.hint.name"),
        search: (row) => folded(`${nameOf(row[0])}\n${row[1]}\n${row[3]}`),
      }),
  );
}

/** Return how many of each kind there are, where not all are listed. */
function cutNote(counts, rows, group) {
  if (total(counts) === rows.length) return null;
  const told = Object.entries(counts)
    .map(([kind, n]) => `${word(group, kind)} ${count(n)}`)
    .join(say("comma"));
  return make(
    "p",
    { class: "note" },
    say("list.cut", { some: rows.length, all: total(counts) }),
    " ",
    told,
  );
}

/** Return a warning in the reader's language; in English where there are no words. */
function remark([code, text, parts]) {
  const told = say(`remark.${code}`, { ...parts, otherwise: text });
  return make("li", { lang: told === text && "en" }, told);
}

function settingsSection() {
  const rows = data.columns.map(({ name, role, kinds, compared: by, why }) => [
    shown(name),
    make(
      "span",
      { class: "short" },
      role
        ? word("role", role)
        : kinds.map((kind) => word("kind", kind)).join(say("comma")) ||
            say("kind.nothing"),
    ),
    by.length ? by.join(say("comma")) : say("compared.not"),
    why && make("span", { lang: "en" }, why),
  ]);
  return section(
    "settings",
    say("settings"),
    make("h3", {}, say("warnings")),
    data.warnings.length
      ? make(
          "ul",
          { class: "warnings" },
          data.warnings.map(remark),
        )
      : make("p", {}, say("warnings.none")),
    make("h3", {}, say("columns")),
    make("p", {}, say("columns.lead")),
    table(
      say("columns"),
      [say("column"), say("taken.for"), say("compared.by"), say("because")],
      rows,
      [false, false, false, true],
    ),
    make(
      "details",
      {},
      make("summary", {}, say("config")),
      data.config
        ? make("pre", { tabindex: "0", lang: "en" }, data.config)
        : make("p", {}, say(data.masked ? "config.masked" : "config.none")),
    ),
  );
}
