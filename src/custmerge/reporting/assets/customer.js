// One customer, opened: its records side by side, and what else is known of it.

function openCustomer(customer) {
  const dialog = customerDialog(customer);
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
}

function customerDialog(customer) {
  const title = make(
    "h2",
    { id: "customer-title", tabindex: "-1", autofocus: true },
    shown(nameOf(customer.id) || say("customer.unnamed", { id: String(customer.id) })),
  );
  const facts = [
    say("customer.number", { id: String(customer.id) }),
    say("n.records", { n: customer.size }),
    `${say("confidence")} ${chance(customer.confidence)}`,
  ];
  const dialog = make("dialog", { "aria-labelledby": title.id });
  dialog.append(
    make(
      "div",
      { class: "dialog-head" },
      title,
      make(
        "button",
        { type: "button", class: "close", onclick: () => dialog.close() },
        say("close"),
      ),
    ),
    make("p", { class: "facts" }, facts.join(" · ")),
    ...[
      customer.size > customer.records.length &&
        make(
          "p",
          { class: "note" },
          say("customer.cut", { some: customer.records.length, all: customer.size }),
        ),
      customer.size > 1 &&
        make(
          "p",
          { class: "legend" },
          make("span", { class: "won" }, say("legend.won")),
          " ",
          make("span", { class: "lost" }, say("legend.lost")),
        ),
    ].filter(Boolean),
    recordsTable(customer),
    ...besides(customer, dialog),
  );
  return dialog;
}

function recordsTable(customer) {
  const reasons = new Map();
  for (let i = 0; i < customer.lost.length; i += 3)
    reasons.set(
      `${customer.lost[i]}:${customer.lost[i + 1]}`,
      data.rules[customer.lost[i + 2]],
    );
  const head = make(
    "tr",
    {},
    make("th", { scope: "col" }, say("field")),
    make("th", { scope: "col", class: "golden" }, say("golden")),
    customer.records.map((record, position) =>
      make(
        "th",
        { scope: "col" },
        ...recordHead(record),
        customer.size > 1 &&
          position === survivorOf(customer) &&
          make("span", { class: "source" }, say("survivor")),
      ),
    ),
  );
  const rows = data.golden.map(([name, column], place) => {
    if (isName(column)) return null;
    const cells = customer.records.map((record, position) => cellOf(record, column));
    if (cells.every((cell) => cell === null) && goldenOf(customer, place) === null)
      return null;
    return make(
      "tr",
      {},
      make("th", { scope: "row" }, name),
      make(
        "td",
        { class: "golden" },
        shown(goldenOf(customer, place)),
        customer.size > 1 && whyKept(customer, place),
      ),
      cells.map((cell, position) =>
        recordCell(
          customer,
          place,
          position,
          cell,
          reasons.get(`${place}:${position}`),
        ),
      ),
    );
  });
  return scrolled(
    say("side.by.side"),
    make(
      "table",
      { class: "records" },
      make("caption", { class: "hidden" }, say("side.by.side")),
      make("thead", {}, head),
      make("tbody", {}, rows.filter(Boolean)),
    ),
  );
}

function isName(column) {
  return column >= 0 && ["id", "source"].includes(data.columns[column].role);
}

/** Return which of a customer's records the others were merged into, if ids tell. */
function survivorOf(customer) {
  const place = data.golden.findIndex(
    ([, column]) => column >= 0 && data.columns[column].role === "id",
  );
  return customer.won?.[place];
}

function whyKept(customer, place) {
  const rule = data.rules[customer.decided[place]];
  return rule === "missing" || rule === "only_value"
    ? null
    : make("small", {}, word("rule", rule));
}

function recordCell(customer, place, position, cell, reason) {
  if (reason !== undefined)
    return make(
      "td",
      { class: "lost" },
      shown(cell),
      make("small", {}, word("lost", reason)),
    );
  const won =
    customer.won !== null &&
    customer.won[place] === position &&
    cell !== null &&
    !(place in customer.made);
  return make(
    "td",
    { class: won && customer.size > 1 ? "won" : null },
    shown(cell),
    won && customer.size > 1 && hidden(say("legend.won")),
  );
}

/** Return what else is known of a customer: conflicts, and relatives. */
function besides(customer, dialog) {
  const other = (row) => (row[0] === customer.id ? row[1] : row[0]);
  const conflicts = (conflictsOf.get(customer.id) ?? []).map(
    ([, field, severity, values]) =>
      make("li", {}, `${field}: `, shown(values), ` (${word("severity", severity)})`),
  );
  const relatives = (relationsOf.get(customer.id) ?? []).map((row) => {
    const button = customerButton(other(row), () => dialog.close());
    return make("li", {}, `${word("relation", row[2])}: `, button);
  });
  const questions = (pairsOf.get(customer.id) ?? []).map((place) => {
    const [left, right, , likely] = pairs[place];
    const text = `${recordId(left)} – ${recordId(right)}`;
    return make("li", {}, pairButton(place, dialog, text), ` ${chance(likely)}`);
  });
  return [
    linksPart(customer, dialog),
    questions.length > 0 &&
      make("div", {}, make("h3", {}, say("review")), make("ul", {}, questions)),
    conflicts.length > 0 &&
      make("div", {}, make("h3", {}, say("conflicts")), make("ul", {}, conflicts)),
    relatives.length > 0 &&
      make("div", {}, make("h3", {}, say("relations")), make("ul", {}, relatives)),
  ].filter(Boolean);
}

/** Return a button that closes the customer and goes to a doubtful pair. */
function pairButton(place, dialog, text) {
  const go = () => {
    // What had the focus before gets it back first, and then the pair.
    dialog.addEventListener("close", () => review.show(place));
    dialog.close();
  };
  return make("button", { type: "button", class: "link", onclick: go }, text);
}
