// Doubtful pairs: two records, what speaks for and against, and a person's answer.

const review = { place: 0, show: () => {} };

function reviewSection() {
  if (!pairs.length)
    return section(
      "review",
      say("review"),
      make("p", { class: "lead" }, say("review.none")),
    );
  const card = make("div", { class: "card", tabindex: "-1" });
  const status = make("p", { class: "status", role: "status" });
  const download = make("button", {
    type: "button",
    class: "strong",
    id: "download",
    onclick: saveDecisions,
  });
  card.addEventListener("keydown", (event) => {
    const answer = { s: true, d: false }[event.key];
    if (
      answer === undefined ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      !data.answers
    )
      return;
    event.preventDefault();
    give(answer);
  });

  /** Answer the pair in view, and show the next one without an answer. */
  function give(answer) {
    state.answers[review.place] = answer;
    keepAnswers();
    const order = pairs.map((_, i) => (review.place + 1 + i) % pairs.length);
    review.place = order.find((place) => !(place in state.answers)) ?? review.place;
    draw();
    card.focus();
  }

  function withdraw() {
    delete state.answers[review.place];
    keepAnswers();
    draw();
    card.focus();
  }

  function go(step) {
    review.place = (review.place + step + pairs.length) % pairs.length;
    draw();
    card.focus();
  }

  function draw() {
    const given = Object.keys(state.answers).length;
    card.setAttribute(
      "aria-label",
      say("review.place", { n: review.place + 1, all: pairs.length }),
    );
    card.replaceChildren(...pairCard(pairs[review.place], { give, withdraw, go }));
    status.textContent = say("review.given", { n: given, all: pairs.length });
    download.textContent = say("review.download");
    download.disabled = given === 0;
  }

  draw();
  review.show = (place) => {
    review.place = place;
    draw();
    card.focus();
    card.scrollIntoView();
  };
  const left = data.counts.review - pairs.length;
  return section(
    "review",
    say("review"),
    make(
      "p",
      { class: "lead" },
      say("review.lead", { n: data.counts.review }),
      data.counts.checks > 0 && " ",
      data.counts.checks > 0 && say("review.checks", { n: data.counts.checks }),
    ),
    left > 0 &&
      make(
        "p",
        { class: "note" },
        say("review.cut", { n: pairs.length, all: data.counts.review }),
      ),
    card,
    data.answers
      ? make("div", { class: "answers" }, status, download)
      : make("p", { class: "note" }, say("review.masked")),
    data.answers && whatNext(),
  );
}

function whatNext() {
  const earlier = data.earlier;
  return make(
    "details",
    {},
    make("summary", {}, say("review.next.title")),
    make("p", {}, say("review.next")),
    make(
      "pre",
      { tabindex: "0" },
      'result = cm.resolve(records, decisions="decisions.json")\n\ncustmerge resolve customers.csv --decisions decisions.json',
    ),
    earlier.count > 0 &&
      make(
        "p",
        {},
        say(earlier.document ? "review.earlier" : "review.earlier.apart", {
          n: earlier.count,
        }),
      ),
  );
}

function pairCard(
  [left, right, weight, likely, parts, rarity, alike],
  { give, withdraw, go },
) {
  const answer = state.answers[review.place];
  const entities = [...new Set([data.entity_of[left], data.entity_of[right]])];
  const together = entities.length === 1;
  const sure = likely >= data.bounds[1];
  const choice = (value, text, key) =>
    make(
      "button",
      {
        type: "button",
        class: `answer ${key}`,
        "aria-pressed": String(answer === value),
        "aria-keyshortcuts": key,
        onclick: () => give(value),
      },
      text,
      make("kbd", { "aria-hidden": "true" }, key.toUpperCase()),
    );
  return [
    make(
      "div",
      { class: "card-head" },
      make("h3", {}, say("review.place", { n: review.place + 1, all: pairs.length })),
      make(
        "span",
        { class: "turn" },
        make("button", { type: "button", onclick: () => go(-1) }, say("review.back")),
        make(
          "button",
          { type: "button", onclick: () => go(1) },
          say("review.next.pair"),
        ),
      ),
    ),
    make(
      "p",
      {},
      make("strong", {}, say("review.chance", { chance: chance(likely) })),
      " ",
      say(together ? "review.together" : "review.apart"),
      " ",
      entities.map((entity) => [customerButton(entity), " "]),
      sure && say("review.check"),
    ),
    waterfall(
      left,
      right,
      weight,
      parts.map((step, i) => [data.pairs.parts[i], step, rarity[i]]),
      alike,
    ),
    data.answers &&
      make(
        "div",
        { class: "choices" },
        choice(true, say("same"), "s"),
        choice(false, say("different"), "d"),
        answer !== undefined &&
          make("button", { type: "button", onclick: withdraw }, say("undo")),
      ),
  ].filter(Boolean);
}

/**
 * Return the two records side by side, and beside each field how far its evidence
 * moves the weight: a waterfall from what is known before looking down to the total.
 */
function waterfall(left, right, weight, steps, alike) {
  const first = steps.filter(([name]) => name === "(prior)");
  const last = steps.filter(
    ([name, step]) =>
      name.startsWith("(") && name !== "(prior)" && Math.abs(step) >= 0.05,
  );
  const fields = steps.filter(([name]) => !name.startsWith("("));
  const ordered = [...first, ...fields, ...last];
  const at = scaleOf(ordered, weight);
  const similarity = new Map(data.fields.map(({ name }, i) => [name, alike[i]]));
  let sum = 0;
  const rows = ordered.map(([name, step, rare]) => {
    const start = sum;
    sum += step;
    const drawn = { start, end: sum, at };
    if (name.startsWith("("))
      return evidenceRow(word("part", name.slice(1, -1)), null, drawn);
    const columns = fieldByName.get(name)?.columns ?? [];
    const [one, other] = [valuesOf(left, columns), valuesOf(right, columns)];
    const cells =
      similarity.get(name) === 1
        ? [shown(one), shown(other)]
        : [unlike(one, other), unlike(other, one)];
    return evidenceRow(fieldName(name), cells, { ...drawn, rare, empty: !one && !other });
  });
  const verdict = say(weight > thresholdBits() ? "total.for" : "total.against");
  const total = make(
    "tr",
    { class: "total", role: "row" },
    rowHead(say("total")),
    make("td", { colspan: "2", role: "cell" }, verdict),
    evidenceCell({ start: 0, end: weight, at }),
    make("td", { class: "number", role: "cell" }, bits(weight)),
  );
  const heads = [
    say("field"),
    recordHead(left),
    recordHead(right),
    say("evidence"),
    say("bits"),
  ];
  return scrolled(
    say("review.table"),
    make(
      "table",
      { class: "pair", role: "table" },
      make("caption", { class: "hidden" }, say("review.table")),
      make(
        "thead",
        { role: "rowgroup" },
        make(
          "tr",
          { role: "row" },
          heads.map((head) => make("th", { scope: "col", role: "columnheader" }, head)),
        ),
      ),
      make("tbody", { role: "rowgroup" }, rows, total, restRows(left, right)),
    ),
  );
}

/** Return where a sum of evidence stands, in per cent of the width that all need. */
function scaleOf(steps, weight) {
  let sum = 0;
  const sums = [0, weight, ...steps.map(([, step]) => (sum += step))];
  const [low, high] = [Math.min(...sums), Math.max(...sums)];
  return (number) => (100 * (number - low)) / (high - low || 1);
}

/** Return rows of what was not compared, yet may help a person. */
function restRows(left, right) {
  const compared = new Set(data.fields.flatMap((field) => field.columns));
  return data.columns.map(({ name }, column) => {
    const [one, other] = [valuesOf(left, [name]), valuesOf(right, [name])];
    if (compared.has(name) || isName(column) || !(one || other)) return null;
    return make(
      "tr",
      { class: "beside", role: "row" },
      rowHead(name),
      make("td", { role: "cell" }, shown(one)),
      make("td", { role: "cell" }, shown(other)),
      make("td", { class: "evidence", role: "cell" }),
      make("td", { role: "cell" }),
    );
  });
}

function thresholdBits() {
  return Math.log2(data.threshold / (1 - data.threshold));
}

function valuesOf(record, columns) {
  const cells = columns.map((name) =>
    cellOf(
      record,
      data.columns.findIndex((column) => column.name === name),
    ),
  );
  return [...new Set(cells.filter((cell) => cell !== null))].join(" ");
}

function rowHead(text, properties) {
  return make("th", { scope: "row", role: "rowheader", ...properties }, text);
}

function evidenceRow(name, cells, drawn) {
  return make(
    "tr",
    {
      role: "row",
      class: drawn.start === drawn.end && (drawn.empty ? "silent empty" : "silent"),
    },
    rowHead(name, { colspan: cells ? null : "3" }),
    cells?.map((cell) => make("td", { role: "cell" }, cell)),
    evidenceCell(drawn),
    make(
      "td",
      { class: "number", role: "cell" },
      bits(drawn.end - drawn.start),
      rarityNote(drawn.rare),
    ),
  );
}

/** Return why agreement says more, or less, than it mostly does. */
function rarityNote(rare) {
  if (!(Math.abs(rare) >= 1)) return null;
  return make("small", {}, say(rare > 0 ? "rare" : "common"));
}

function evidenceCell({ start, end, at }) {
  const style = {
    left: `${at(Math.min(start, end))}%`,
    width: `${Math.abs(at(end) - at(start))}%`,
  };
  return make(
    "td",
    { class: "evidence", role: "cell" },
    make(
      "span",
      { class: "track", "aria-hidden": "true" },
      make("span", { class: "zero", style: { left: `${at(0)}%` } }),
      start !== end &&
        make("span", { class: end >= start ? "step for" : "step against", style }),
    ),
  );
}

/** Return a value with what it does not share with the other one marked. */
function unlike(text, other) {
  if (!text || !other || text === other) return shown(text);
  const [mine, theirs] = [[...text], [...other]];
  let head = 0;
  while (head < mine.length && head < theirs.length && mine[head] === theirs[head])
    head += 1;
  let tail = 0;
  while (
    tail < mine.length - head &&
    tail < theirs.length - head &&
    mine.at(-1 - tail) === theirs.at(-1 - tail)
  )
    tail += 1;
  const middle = mine.slice(head, mine.length - tail).join("");
  return make(
    "bdi",
    {},
    mine.slice(0, head).join(""),
    middle && make("mark", {}, middle),
    mine.slice(mine.length - tail).join(""),
  );
}

/** Save the answers as `custmerge.load_decisions` reads them, after the earlier ones. */
function saveDecisions() {
  const earlier = data.earlier.document ?? {
    format: "custmerge-decisions",
    version: 1,
    links: [],
    pins: [],
  };
  const links = Object.entries(state.answers).map(([place, same]) => [
    data.records[pairs[place][0]][0],
    data.records[pairs[place][1]][0],
    same,
  ]);
  const document_ = { ...earlier, links: [...earlier.links, ...links] };
  const file = new Blob([`${JSON.stringify(document_, null, 1)}\n`], {
    type: "application/json",
  });
  const link = make("a", {
    href: URL.createObjectURL(file),
    download: "decisions.json",
  });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
