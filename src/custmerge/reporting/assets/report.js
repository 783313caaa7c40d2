// The page: what came in and out, quality, the model, lists, and how it is put together.

function overviewSection() {
  const { records, entities, precision, recall } = data.counts;
  const repeated = records - entities;
  return section("overview", say("overview"),
    make("p", { class: "hero" }, say("hero", { records: say("n.records", { n: records }), customers: say("n.customers", { n: entities }) })),
    make("p", { class: "lead" }, repeated ? say("hero.repeated", { n: repeated, share: percent(repeated / (records || 1)) }) : say("hero.none")),
    make("div", { class: "beforeafter", role: "img", "aria-label": say("before.after", { records, entities }) },
      flow(say("before"), records, records, "before"), flow(say("after"), entities, records, "after")),
    make("ul", { class: "tiles" },
      tile("review", data.counts.review, "tile.review"),
      tile("conflicts", total(data.conflicts.counts), "tile.conflicts"),
      tile("quality", data.ghosts.count, "tile.ghosts"),
      tile("settings", data.warnings.length, "tile.warnings")),
    make("div", { class: "columns" },
      make("div", {}, make("h3", {}, say("sizes")), bars(sizes())),
      make("div", {}, make("h3", {}, say("estimates")), bars([
        [say("estimate.precision"), precision, percent(precision, 1)],
        [say("estimate.recall"), recall, percent(recall, 1)],
      ]), make("p", { class: "quiet" }, say("estimates.note")))));
}

function total(counts) {
  return Object.values(counts).reduce((sum, n) => sum + n, 0);
}

function flow(label, number, all, kind) {
  return make("div", { class: `flow ${kind}` }, make("span", {}, label), make("strong", {}, count(number)), bar(number / (all || 1), kind));
}

function tile(target, number, key) {
  return make("li", {}, make("a", { href: `#${target}` }, make("strong", {}, count(number)), make("span", {}, say(key, { n: number }))));
}

/** Return how many customers have how many records, rare sizes taken together. */
function sizes() {
  const groups = [[1, 1], [2, 2], [3, 3], [4, 4], [5, 9], [10, Infinity]];
  return groups.map(([from, to]) => {
    const held = data.counts.sizes.filter(([size]) => size >= from && size <= to).reduce((sum, [, n]) => sum + n, 0);
    const text = to === Infinity ? say("size.more", { n: from }) : from === to ? say("n.records", { n: from }) : say("size.range", { from, to });
    return [text, held / (data.counts.entities || 1), count(held)];
  }).filter(([, share]) => share > 0);
}

/** Return labelled bars: texts, shares in [0, 1], and what the bars say. */
function bars(rows) {
  return make("dl", { class: "bars" }, rows.map(([label, share, text]) =>
    make("div", {}, make("dt", {}, label), make("dd", {}, bar(share), make("span", { class: "figure" }, text)))));
}

function sourcesSection() {
  const columns = [
    { head: say("source"), value: (row) => row[0], cell: (row) => shown(row[0] ?? say(several ? "source.none" : "source.all")) },
    { head: say("records"), numeric: true, value: (row) => row[1], cell: (row) => count(row[1]) },
    { head: say("customers"), numeric: true, value: (row) => row[2], cell: (row) => count(row[2]) },
    { head: say("repeated"), numeric: true, minor: true, value: repeats, cell: (row) => count(repeats(row)) },
    { head: say("repeated.share"), value: (row) => repeats(row) / (row[1] || 1), cell: (row) => measured(repeats(row) / (row[1] || 1), "against") },
    several && { head: say("shared"), numeric: true, minor: true, value: (row) => row[3], cell: (row) => count(row[3]) },
  ].filter(Boolean);
  const names = data.sources.rows.map(([name]) => name ?? say("source.none"));
  const matrix = data.sources.shared;
  return section("sources", say("sources.title"), make("p", { class: "lead" }, say(several ? "sources.lead" : "sources.one")),
    dataTable({ caption: say("sources.title"), columns, rows: data.sources.rows }),
    matrix.length > 1 && make("details", {}, make("summary", {}, say("sources.shared")),
      table(say("sources.shared"), [say("source"), ...names.map(shown)],
        matrix.map((row, i) => [shown(names[i]), ...row.map((n, k) => (i === k ? "" : count(n)))]))));
}

/** Return how many records of a source repeat a customer whom it has already. */
function repeats([, records, entities]) {
  return records - entities;
}

function measured(share, kind = "") {
  return make("span", { class: "measured" }, bar(share, kind), make("span", { class: "figure" }, percent(share)));
}

/** Return a share before and after; once where nothing changed. */
function change(before, after) {
  const [one, other] = [percent(before), percent(after)];
  return one === other ? one : `${one} → ${other}`;
}

function qualitySection() {
  const rows = data.quality.map(([field, before, after]) => [field,
    make("span", { class: "twice" }, measured(before[0], "before"), measured(after[0], "after")),
    change(before[1], after[1]), change(before[2], after[2])]);
  const heads = ["field", "filled", "valid", "distinct"].map((key) => say(key));
  return section("quality", say("quality"), make("p", { class: "lead" }, say("quality.lead")),
    make("p", { class: "legend" }, make("span", { class: "before" }, say("before")), " ", make("span", { class: "after" }, say("after"))),
    table(say("quality"), heads, rows), make("h3", {}, say("issues")),
    data.issues.length ? dataTable({ caption: say("issues"), rows: data.issues, columns: [
      { head: say("issue"), value: (row) => word("issue", row[1]), cell: (row) => word("issue", row[1]) },
      { head: say("field"), value: (row) => row[0], cell: (row) => row[0] },
      { head: say("severity"), minor: true, value: (row) => word("severity", row[2]), cell: (row) => word("severity", row[2]) },
      { head: say("findings"), numeric: true, value: (row) => row[3], cell: (row) => count(row[3]) },
    ] }) : make("p", {}, say("issues.none")),
    ghosts());
}

function ghosts() {
  const { count: all, rows } = data.ghosts;
  const columns = [
    { head: say("record"), value: (row) => row[0], cell: (row) => shown(row[0]) },
    several && { head: say("source"), value: (row) => row[1], cell: (row) => shown(row[1]) },
    { head: say("ghost.reasons"), value: reasons, cell: reasons },
    { head: say("customer"), minor: true, value: (row) => nameOf(row[2]) || null, cell: (row) => customerButton(row[2]) },
  ].filter(Boolean);
  return [make("h3", {}, say("ghosts")), make("p", {}, say(all ? "ghosts.lead" : "ghosts.none", { n: all })),
    all > rows.length && make("p", { class: "note" }, say("list.cut", { some: rows.length, all })),
    rows.length > 0 && dataTable({ caption: say("ghosts"), rows, columns })].filter(Boolean);
}

function reasons(row) {
  return row[4].split("; ").map((reason) => word("ghost", reason)).join("; ");
}

function modelSection() {
  const { model } = data;
  return section("model", say("model"), make("p", { class: "lead" }, say("model.lead")),
    model.fields ? weightsOfFields(model) : otherModel(model),
    model.rules.length > 0 && [make("h3", {}, say("rules.title")), make("p", {}, say("rules.lead")), ruleList(model.rules)]);
}

/** Return what agreement and disagreement in each field say, in words and bars. */
function weightsOfFields(model) {
  const most = Math.max(1, ...model.fields.flatMap((field) => field.bits.map(Math.abs)));
  const rows = model.fields.map((field) => {
    const [against, support] = [Math.min(0, field.bits[0]), Math.max(0, field.bits.at(-1))];
    return [fieldName(field.name),
      make("span", { class: "track", "aria-hidden": "true" }, make("span", { class: "zero", style: { left: "50%" } }),
        make("span", { class: "step against", style: { left: `${50 + (50 * against) / most}%`, width: `${(-50 * against) / most}%` } }),
        make("span", { class: "step for", style: { left: "50%", width: `${(50 * support) / most}%` } })),
      say("model.alike", { times: times(support) }), say("model.unlike", { times: times(against) })];
  });
  const levels = model.fields.flatMap((field) => field.bits.map((number, level) =>
    [fieldName(field.name), say("level.from", { from: percent(level ? field.thresholds[level - 1] : 0) }), bits(number)]));
  return [make("p", {}, say("model.prior", { pairs: times(model.prior) })),
    table(say("model"), [say("field"), say("evidence"), say("when.alike"), say("when.unlike")], rows),
    make("p", { class: "quiet" }, say("model.note")),
    make("details", {}, make("summary", {}, say("model.levels")),
      table(say("model.levels"), [say("field"), say("level"), say("bits")], levels))];
}

function otherModel(model) {
  if (model.says) return [make("p", {}, say("model.rules")), ruleList(model.says), make("p", {}, say(`otherwise.${model.otherwise}`))];
  if (model.shares) {
    const all = total(model.shares);
    return [make("p", {}, say("model.score", { threshold: percent(model.threshold) })),
      bars(Object.entries(model.shares).map(([name, share]) => [fieldName(name), share / all, percent(share / all)]))];
  }
  return make("p", {}, say("model.other", { kind: model.kind }));
}

function ruleList(rules) {
  return make("ol", {}, rules.map((rule) => {
    const conditions = [
      ...Object.entries(rule.at_least).map(([name, bound]) => say("rule.at_least", { name, bound: percent(bound) })),
      ...Object.entries(rule.below).map(([name, bound]) => say("rule.below", { name, bound: percent(bound) })),
      ...Object.entries(rule.where).map(([name, asked]) => say("rule.where", { name, asked })),
    ];
    return make("li", {}, rule.name && make("strong", {}, `${rule.name}: `), say(`rule.says.${rule.says}`, { conditions: conditions.join(say("and")) }));
  }));
}

function relationsSection() {
  const { counts, rows } = data.relations;
  const kinds = Object.keys(counts).sort();
  const columns = [
    { head: say("relation"), value: (row) => word("relation", row[2]), cell: (row) => word("relation", row[2]) },
    { head: say("customer"), value: (row) => nameOf(row[0]) || null, cell: (row) => customerButton(row[0]) },
    { head: say("related.to"), value: (row) => nameOf(row[1]) || null, cell: (row) => customerButton(row[1]) },
    { head: say("in.common"), minor: true, value: (row) => row[4], cell: (row) => row[4] ?? "" },
    { head: say("probability"), numeric: true, minor: true, value: (row) => row[3], cell: (row) => chance(row[3]) },
  ];
  const filter = kinds.length > 1 ? { label: say("show"), options: [[say("show.all"), null],
    ...kinds.map((kind) => [word("relation", kind), (row) => row[2] === kind])] } : undefined;
  return section("relations", say("relations"), make("p", { class: "lead" }, say(rows.length ? "relations.lead" : "relations.none")),
    cutNote(counts, rows, "relation"),
    rows.length > 0 && dataTable({ caption: say("relations"), rows, columns, filter,
      hint: say("search.hint.name"), search: (row) => folded(`${nameOf(row[0])}\n${nameOf(row[1])}`) }));
}

function conflictsSection() {
  const { counts, rows } = data.conflicts;
  const order = ["high", "medium", "low"];
  const columns = [
    { head: say("severity"), minor: true, value: (row) => order.indexOf(row[2]), cell: (row) => make("span", { class: `mark ${row[2]}` }, word("severity", row[2])) },
    { head: say("customer"), value: (row) => nameOf(row[0]) || null, cell: (row) => customerButton(row[0]) },
    { head: say("field"), value: (row) => row[1], cell: (row) => row[1] },
    { head: say("conflict.values"), value: (row) => row[3], cell: (row) => shown(row[3]) },
    { head: say("conflict.kept"), minor: true, value: (row) => row[4], cell: (row) => [shown(row[4]), " ", make("small", {}, word("rule", row[5]))] },
  ];
  return section("conflicts", say("conflicts"), make("p", { class: "lead" }, say(rows.length ? "conflicts.lead" : "conflicts.none")),
    cutNote(counts, rows, "severity"),
    rows.length > 0 && dataTable({ caption: say("conflicts"), rows, columns,
      hint: say("search.hint.name"), search: (row) => folded(`${nameOf(row[0])}\n${row[1]}\n${row[3]}`) }));
}

/** Return how many of each kind there are, where not all are listed. */
function cutNote(counts, rows, group) {
  if (total(counts) === rows.length) return null;
  const told = Object.entries(counts).map(([kind, n]) => `${word(group, kind)} ${count(n)}`).join(", ");
  return make("p", { class: "note" }, say("list.cut", { some: rows.length, all: total(counts) }), " ", told);
}

function settingsSection() {
  const rows = data.columns.map(({ name, role, kinds, compared: by, why }) => [name,
    role ? word("role", role) : kinds.map((kind) => word("kind", kind)).join(", ") || say("kind.nothing"),
    by.length ? by.join(", ") : say("compared.not"), why]);
  return section("settings", say("settings"),
    make("h3", {}, say("warnings")),
    data.warnings.length ? make("ul", { class: "warnings", lang: "en" }, data.warnings.map((text) => make("li", {}, text))) : make("p", {}, say("warnings.none")),
    make("h3", {}, say("columns")), make("p", {}, say("columns.lead")),
    table(say("columns"), [say("column"), say("taken.for"), say("compared.by"), say("because")], rows),
    make("details", {}, make("summary", {}, say("config")),
      data.config ? make("pre", { tabindex: "0", lang: "en" }, data.config) : make("p", {}, say(data.masked ? "config.masked" : "config.none"))));
}

// -- The whole page --------------------------------------------------------------------

const parts = { overview: overviewSection, customers: customersSection, review: reviewSection, conflicts: conflictsSection,
  relations: relationsSection, sources: sourcesSection, quality: qualitySection, model: modelSection, settings: settingsSection };

function header() {
  const language = make("button", { type: "button", id: "language", lang: state.language === "en" ? "zh" : "en", onclick: () => {
    state.language = state.language === "en" ? "zh" : "en";
    draw();
    document.getElementById("language").focus();
  } }, say("other.language"));
  const theme = make("button", { type: "button", id: "theme", "aria-pressed": String(root.dataset.theme === "dark"), onclick: () => {
    root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
    theme.setAttribute("aria-pressed", String(root.dataset.theme === "dark"));
  } }, say("theme.dark"));
  return make("header", { class: "top" }, make("a", { class: "skip", href: "#main" }, say("skip")),
    make("div", { class: "title" }, make("h1", {}, data.title || say("title")),
      make("div", { class: "switches" }, language, theme)),
    data.masked && make("p", { class: "note" }, say("masked")));
}

function draw() {
  root.lang = state.language === "zh" ? "zh-CN" : "en";
  document.title = data.title || say("title");
  const links = Object.keys(parts).map((id) => make("li", {}, make("a", { href: `#${id}` }, say(`nav.${id}`))));
  document.getElementById("page")?.remove();
  document.body.append(make("div", { id: "page" }, header(),
    make("nav", { "aria-label": say("contents") }, make("ul", {}, links)),
    make("main", { id: "main", tabindex: "-1" }, Object.values(parts).map((part) => part())),
    make("footer", {}, make("p", {}, say("footer")))));
}

const preference = matchMedia("(prefers-color-scheme: dark)");
root.dataset.theme = preference.matches ? "dark" : "light";
preference.addEventListener("change", () => {
  root.dataset.theme = preference.matches ? "dark" : "light";
  document.getElementById("theme").setAttribute("aria-pressed", String(preference.matches));
});
draw();
