// How it was decided: the weights of fields, or rules.

function modelSection() {
  const { model } = data;
  return section(
    "model",
    say("model"),
    make("p", { class: "lead" }, say(model.fields ? "model.lead" : "model.lead.other")),
    model.fields ? weightsOfFields(model) : otherModel(model),
    pairsFallen(model),
    model.rules.length > 0 && [
      make("h3", {}, say("rules.title")),
      make("p", {}, say("rules.lead")),
      ruleList(model.rules),
    ],
  );
}

/** Return what agreement and disagreement in each field say, in words and bars. */
function weightsOfFields(model) {
  const most = Math.max(
    1,
    ...model.fields.flatMap((field) => field.bits.map(Math.abs)),
  );
  const rows = model.fields.map((field) => {
    const [against, support] = [
      Math.min(0, field.bits[0]),
      Math.max(0, field.bits.at(-1)),
    ];
    return [
      fieldName(field.name),
      make(
        "span",
        { class: "track", "aria-hidden": "true" },
        make("span", { class: "zero", style: { left: "50%" } }),
        make("span", {
          class: "step against",
          style: {
            left: `${50 + (50 * against) / most}%`,
            width: `${(-50 * against) / most}%`,
          },
        }),
        make("span", {
          class: "step for",
          style: { left: "50%", width: `${(50 * support) / most}%` },
        }),
      ),
      say("model.alike", { times: times(support) }),
      say("model.unlike", { times: times(against) }),
    ];
  });
  const levels = model.fields.flatMap((field) =>
    field.bits.map((number, level) => [
      fieldName(field.name),
      say("level.from", { from: percent(level ? field.thresholds[level - 1] : 0) }),
      bits(number),
    ]),
  );
  return [
    make(
      "p",
      {},
      howTrained(model),
      say("gap"),
      say("model.prior", { pairs: times(model.prior) }),
    ),
    table(
      say("model"),
      [say("field"), say("evidence"), say("when.alike"), say("when.unlike")],
      rows,
      [false, true],
    ),
    make("p", { class: "quiet" }, say("model.note")),
    make(
      "details",
      {},
      make("summary", {}, say("model.levels")),
      table(say("model.levels"), [say("field"), say("level"), say("bits")], levels),
    ),
  ];
}

/** Return in words how the weights came about. */
function howTrained({ trained: [seen, rounds, settled], corrected }) {
  return [
    seen
      ? say(settled ? "model.trained" : "model.trained.not", { pairs: seen, rounds })
      : say("model.given"),
    corrected && say("gap") + say("model.corrected"),
  ];
}

/** Return how the compared pairs fell: by weight, and on which side of the band. */
function pairsFallen({ bins, fallen, says }) {
  const all = fallen.reduce((sum, n) => sum + n, 0);
  if (!all) return null;
  const [low, high] = data.bounds;
  const keys = ["below", "between", "above", "settled"];
  const bounds = { low: percent(low, 1), high: percent(high, 1) };
  const most = Math.max(1, ...fallen);
  return [
    make("h3", {}, say("fallen")),
    make(
      "p",
      {},
      say(says ? "fallen.rules" : "fallen.lead", {
        ...bounds,
        threshold: percent(data.threshold, 1),
      }),
    ),
    histogram(bins),
    bars(
      keys
        .map((key, place) => [
          say(`fallen.${key}`, bounds),
          fallen[place] / most,
          count(fallen[place]),
          ["against", "before", "", "before"][place],
        ])
        .filter((row, place) => fallen[place] > 0),
    ),
  ];
}

/**
 * Return how many pairs have how much evidence, drawn so that rare weights are seen
 * beside frequent ones: what is twice as many is a step higher.
 */
function histogram(bins) {
  const first = bins.findIndex((n) => n > 0);
  if (first < 0) return null;
  const last = bins.findLastIndex((n) => n > 0);
  const bound = (share) => Math.log2(share / (1 - share));
  const [low, high] = data.bounds.map(bound);
  const half = bins.length / 2;
  const from = Math.min(first - half, Math.floor(low) - 1);
  const to = Math.max(last - half, Math.ceil(high)) + 1;
  const most = Math.log2(1 + Math.max(...bins));
  const at = (place) => `${(100 * (place - from)) / (to - from)}%`;
  const side = (start) =>
    start + 1 <= low ? "against" : start >= high ? "for" : "between";
  const columns = Array.from({ length: to - from }, (_, place) => {
    const start = from + place;
    const height = `${(100 * Math.log2(1 + bins[start + half])) / most}%`;
    return make("span", { class: side(start), style: { height } });
  });
  const ticks = [data.bounds[0], data.threshold, data.bounds[1]].map((share, i) =>
    make(
      "span",
      { class: i === 1 ? "tick minor" : "tick", style: { left: at(bound(share)) } },
      percent(share),
    ),
  );
  return make(
    "div",
    { class: "histogram", "aria-hidden": "true" },
    make(
      "div",
      { class: "plot" },
      make("span", {
        class: "band",
        style: { left: at(low), width: `calc(${at(high)} - ${at(low)})` },
      }),
      columns,
    ),
    make("div", { class: "axis" }, ticks),
    make(
      "div",
      { class: "sides" },
      make("span", {}, `← ${say("different")}`),
      make("span", {}, `${say("same")} →`),
    ),
  );
}

function otherModel(model) {
  if (model.says)
    return [
      make("p", {}, say("model.rules")),
      ruleList(model.says),
      make("p", {}, say(`otherwise.${model.otherwise}`)),
    ];
  if (model.shares) {
    const all = total(model.shares);
    return [
      make("p", {}, say("model.score", { threshold: percent(model.threshold) })),
      bars(
        Object.entries(model.shares).map(([name, share]) => [
          fieldName(name),
          share / all,
          percent(share / all),
        ]),
      ),
    ];
  }
  return [make("p", {}, say("model.other", { kind: model.kind })), fieldsMoving()];
}

/** Return how far each field moves the doubtful pairs, for models that say no more. */
function fieldsMoving() {
  const moved = data.pairs.parts
    .map((name, place) => [
      name,
      pairs.reduce((sum, pair) => sum + Math.abs(pair[4][place]), 0) / pairs.length,
    ])
    .filter(([name]) => !name.startsWith("("));
  const most = Math.max(0.01, ...moved.map(([, mean]) => mean));
  return (
    pairs.length > 0 && [
      make("p", {}, say("model.moving")),
      bars(
        moved.map(([name, mean]) => [
          fieldName(name),
          mean / most,
          say("n.bits", { bits: bits(mean).replace("+", "") }),
        ]),
      ),
    ]
  );
}

function ruleList(rules) {
  return make(
    "ol",
    {},
    rules.map((rule) => {
      const conditions = [
        ...Object.entries(rule.at_least).map(([name, bound]) =>
          say("rule.at_least", { name, bound: percent(bound) }),
        ),
        ...Object.entries(rule.below).map(([name, bound]) =>
          say("rule.below", { name, bound: percent(bound) }),
        ),
        ...Object.entries(rule.where).map(([name, asked]) =>
          say("rule.where", { name, asked }),
        ),
      ];
      return make(
        "li",
        {},
        rule.name && make("strong", {}, `${rule.name}: `),
        say(`rule.says.${rule.says}`, { conditions: conditions.join(say("and")) }),
      );
    }),
  );
}
