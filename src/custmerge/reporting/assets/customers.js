// Customers: those in the file, and the table of them.

const customers = data.entities.map(
  ([
    id,
    confidence,
    records,
    size = 1,
    won = null,
    decided = null,
    lost = [],
    made = {},
    links = [],
  ]) => ({ id, confidence, records, size, won, decided, lost, made, links, text: null }),
);
const customerById = new Map(customers.map((customer) => [customer.id, customer]));
const fieldByName = new Map(data.fields.map((field) => [field.name, field]));
const conflictsOf = grouped(data.conflicts.rows, (row) => [row[0]]);
const relationsOf = grouped(data.relations.rows, (row) => [row[0], row[1]]);
const pairs = data.pairs.rows;
const pairsOf = grouped([...pairs.keys()], (place) =>
  pairs[place].slice(0, 2).map((record) => data.entity_of[record]),
);
const several = data.sources.rows.length > 1;

function grouped(rows, keys) {
  const groups = new Map();
  for (const row of rows)
    for (const key of new Set(keys(row)))
      groups.set(key, [...(groups.get(key) ?? []), row]);
  return groups;
}

function recordId(record) {
  const name = data.records[record][0];
  return String(Array.isArray(name) ? name[1] : name);
}

function recordSource(record) {
  const name = data.records[record][0];
  return Array.isArray(name) ? name[0] : null;
}

/** Return what a record is known by, above its values. */
function recordHead(record) {
  const source = recordSource(record);
  return [
    shown(recordId(record)),
    source !== null && make("span", { class: "source" }, shown(source)),
  ];
}

/** Return what a compared field is called: its column, and what it takes of that. */
function fieldName(name) {
  const { columns, kind } = fieldByName.get(name) ?? { columns: [name] };
  return columns.includes(name)
    ? name
    : `${columns.join(say("comma"))} (${word("kind", kind)})`;
}

/** Return a cell of a record, by the position of its column. */
function cellOf(record, column) {
  return column < 0 ? null : data.records[record][column + 1];
}

/** Return a golden value of a customer. */
function goldenOf(customer, place) {
  if (place in customer.made) return customer.made[place];
  const winner = customer.won ? customer.won[place] : 0;
  return winner < 0 ? null : cellOf(customer.records[winner], data.golden[place][1]);
}

/** Names that a customer is called by at most: of more columns the others are details. */
const MOST_NAMES = 2;

/** Return what a customer is called: the first names it has, none said twice. */
function called(texts) {
  const parts = [...new Set(inOrder(texts).filter(Boolean))];
  const kept = parts.filter(
    (part) => !parts.some((other) => other !== part && other.includes(part)),
  );
  return kept.slice(0, MOST_NAMES).reduce(
    (whole, part) =>
      /\p{Script=Han}$/u.test(whole) && /^\p{Script=Han}/u.test(part)
        ? whole + part
        : `${whole} ${part}`.trim(),
    "",
  );
}

/** Return names with the family's first where all are written in Han characters. */
function inOrder(texts) {
  if (!texts.every((text) => !text || /^\p{Script=Han}+$/u.test(text))) return texts;
  const families = data.fields
    .filter((field) => field.kind === "family_name")
    .flatMap((field) => field.columns);
  const isFamily = (_, place) => families.includes(data.golden[data.label[place]][0]);
  return [
    ...texts.filter(isFamily),
    ...texts.filter((text, place) => !isFamily(text, place)),
  ];
}

function nameOf(entity) {
  const customer = customerById.get(entity);
  const texts = customer
    ? data.label.map((place) => goldenOf(customer, place))
    : (data.names[entity] ?? []);
  return called(texts);
}

/** Return a button that opens a customer; its name alone where it is not in the file. */
function customerButton(entity, before = () => {}) {
  const name = nameOf(entity) || say("customer.unnamed", { id: String(entity) });
  const customer = customerById.get(entity);
  if (!customer) return shown(name);
  return make(
    "button",
    {
      type: "button",
      class: "link",
      onclick: () => {
        before();
        openCustomer(customer);
      },
    },
    shown(name),
  );
}

function sourcesOf(customer) {
  return [...new Set(customer.records.map(recordSource))];
}

function marksOf(customer) {
  return [
    conflictsOf.has(customer.id) &&
      make("span", { class: "mark warn" }, say("mark.conflict")),
    pairsOf.has(customer.id) && make("span", { class: "mark" }, say("mark.doubtful")),
  ].filter(Boolean);
}

function searchText(customer) {
  customer.text ??= folded(
    [
      nameOf(customer.id),
      ...Object.values(customer.made),
      ...customer.records.flatMap((record) => data.records[record].flat()),
    ]
      .filter(Boolean)
      .join("\n"),
  );
  return customer.text;
}

/** Return the golden columns to show beside the name: compared, and filled in most. */
function tellingColumns() {
  const compared = new Set(data.fields.flatMap((field) => field.columns));
  const first = customers.slice(0, 200);
  const filled = (place) =>
    first.filter((customer) => goldenOf(customer, place) !== null).length;
  return data.golden
    .map((_, place) => place)
    .filter(
      (place) => compared.has(data.golden[place][0]) && !data.label.includes(place),
    )
    .sort((a, b) => filled(b) - filled(a) || a - b)
    .slice(0, 3)
    .sort((a, b) => a - b);
}

function customersSection() {
  const columns = [
    {
      head: say("customer"),
      value: (customer) => nameOf(customer.id) || null,
      cell: (customer) => customerButton(customer.id),
    },
    {
      head: say("records"),
      numeric: true,
      value: (customer) => customer.size,
      cell: (customer) => count(customer.size),
    },
    // What needs a look comes before what may be too wide for the page.
    {
      head: say("look"),
      value: (customer) => -marksOf(customer).length,
      cell: marksOf,
    },
    {
      head: say("confidence"),
      numeric: true,
      minor: true,
      value: (customer) => customer.confidence,
      cell: (customer) => chance(customer.confidence),
    },
    several && {
      head: say("sources"),
      minor: true,
      value: (customer) => sourcesOf(customer).join(say("comma")),
      cell: (customer) =>
        sourcesOf(customer).map((source) =>
          make("span", { class: "mark plain" }, shown(source)),
        ),
    },
    ...tellingColumns().map((place) => ({
      head: data.golden[place][0],
      minor: true,
      value: (customer) => goldenOf(customer, place),
      cell: (customer) => shown(goldenOf(customer, place)),
    })),
  ].filter(Boolean);
  const filter = {
    label: say("show"),
    options: [
      [say("show.all"), null],
      [say("kind.merged"), (customer) => customer.size > 1],
      [say("kind.conflict"), (customer) => conflictsOf.has(customer.id)],
      [say("kind.doubtful"), (customer) => pairsOf.has(customer.id)],
      [say("kind.lone"), (customer) => customer.size === 1],
    ],
  };
  return section(
    "customers",
    say("customers"),
    make("p", { class: "lead" }, say("customers.lead")),
    sampleNote(),
    dataTable({
      caption: say("customers"),
      columns,
      rows: customers,
      search: searchText,
      hint: say("search.hint"),
      filter,
      found: "n.customers",
    }),
  );
}

/** Return by what rule customers were left out, where any were. */
function sampleNote() {
  const all = data.counts.entities;
  if (customers.length === all) return null;
  const rows = data.sample.map(([kind, every, some]) => [
    say(`kind.${kind}`),
    every,
    some,
  ]);
  return make(
    "div",
    { class: "note", id: "sample" },
    make("p", {}, say("sample", { some: customers.length, all })),
    make(
      "details",
      {},
      make("summary", {}, say("sample.rule.title")),
      make("p", {}, say("sample.rule")),
      table(
        say("sample.rule.title"),
        [say("sample.kind"), say("sample.all"), say("sample.shown")],
        rows,
      ),
    ),
  );
}
