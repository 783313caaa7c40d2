// What holds the records of a customer together: the tree of their strongest links.

/** Return how a customer was built, its weakest link first; null for one record. */
function linksPart(customer, dialog) {
  if (!customer.links.length) return null;
  const links = [...customer.links].reverse();
  const most = Math.max(1, ...links.map(([, , weight]) => weight ?? 0));
  return make(
    "div",
    {},
    make("h3", {}, say("links")),
    make("p", {}, bridgeSentence(customer, links[0])),
    scrolled(
      say("links"),
      make(
        "table",
        { class: "links" },
        make("caption", { class: "hidden" }, say("links")),
        make(
          "thead",
          {},
          make(
            "tr",
            {},
            [say("link.records"), say("evidence")].map((head) =>
              make("th", { scope: "col" }, head),
            ),
            make("th", { scope: "col", class: "number" }, say("link.sure")),
            make("th", { scope: "col", class: "number minor" }, say("link.sides")),
          ),
        ),
        make(
          "tbody",
          {},
          links.map((link, place) =>
            linkRow(customer, link, { most, dialog, isWeakest: !place }),
          ),
        ),
      ),
    ),
  );
}

/** Return in words what the customer would be without its weakest link. */
function bridgeSentence(customer, [, , weight, said, mine]) {
  if (customer.size === 2) return say(said ? "links.two.said" : "links.two");
  return say(said ? "links.said" : "links.bridge", {
    sure: said ? "" : chance(likelihood(weight)),
    one: mine,
    other: customer.size - mine,
  });
}

function linkRow(
  customer,
  [one, other, weight, said, mine, fields],
  { most, dialog, isWeakest },
) {
  const ends = [customer.records[one], customer.records[other]];
  const asked = (pairsOf.get(customer.id) ?? []).find((place) =>
    ends.every((record) => pairs[place].slice(0, 2).includes(record)),
  );
  const end = (record) => make("span", { class: "end" }, recordHead(record));
  const rest = customer.size - mine;
  const named = (sign) =>
    fields
      .filter((field) => field * sign > 0)
      .map((field) => fieldName(data.fields[Math.abs(field) - 1].name));
  const reasons = (key, names) =>
    names.length > 0 &&
    make("small", { class: key }, say(`link.${key}`, { fields: names.join(say("comma")) }));
  return make(
    "tr",
    { class: isWeakest && customer.size > 2 && "weakest" },
    make("th", { scope: "row" }, end(ends[0]), " ", end(ends[1])),
    make(
      "td",
      {},
      weight !== null && bar(Math.max(0, weight) / most),
      said > 0 && make("span", { class: "mark" }, word("said", data.said[said])),
      reasons("for", named(1)),
      reasons("against", named(-1)),
      asked !== undefined && pairButton(asked, dialog, say("link.answer")),
    ),
    make(
      "td",
      { class: "number" },
      said > 0 ? say("link.settled") : chance(likelihood(weight)),
      weight !== null && make("small", {}, say("n.bits", { bits: bits(weight) })),
    ),
    make(
      "td",
      { class: "number minor" },
      `${count(Math.min(mine, rest))} + ${count(Math.max(mine, rest))}`,
    ),
  );
}

/** Return the probability that so many bits stand for. */
function likelihood(weight) {
  return 1 / (1 + 2 ** -weight);
}
